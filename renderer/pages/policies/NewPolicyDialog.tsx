import { Button, Group, Modal, MultiSelect, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { ActionDefinition } from '../../../main/contract/packs.ts';
import type { PolicyType } from '../../../main/contract/policies.ts';
import { policyInWords } from '../../../main/contract/policy-words.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { FaultNote } from '../../ui/FaultNote.tsx';
import { RichText } from '../../ui/RichText.tsx';
import { useFocusBack } from '../../ui/use-focus-back.ts';
import { emptyPolicy, newPolicyOf, type PolicyDraft } from './policy-draft.ts';

const TYPES: readonly { readonly value: PolicyType; readonly label: string }[] = [
  { value: 'action.concurrency', label: 'Bound how many run at one time' },
  { value: 'action.concurrency.attr', label: 'Bound how many with the same values run at one time' },
  { value: 'action.retry', label: 'Try again what goes wrong' },
];

type NewPolicyDialogProps = {
  readonly action: ActionDefinition;
  /** Names of all policies. */
  readonly taken: readonly string[];
  readonly onClose: () => void;
};

/** A policy of the person's own, a file in their `policies/` from then on. */
export function NewPolicyDialog({ action, taken, onClose }: NewPolicyDialogProps) {
  useFocusBack();
  const { client } = useEngine();
  const cache = useQueryClient();
  const [draft, setDraft] = useState(() => emptyPolicy(action, taken));
  const change = (changed: Partial<PolicyDraft>) => setDraft({ ...draft, ...changed });
  const policy = newPolicyOf(draft, action);
  const create = useMutation({
    mutationFn: () => client.policies.create(policy),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: ['policies'] });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  const isWhole = policy.name !== '' && (draft.type !== 'action.concurrency.attr' || draft.attributes.length > 0);
  return (
    <Modal opened onClose={onClose} title={`A policy for ${action.name}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Select
            label="It is to"
            data={TYPES}
            allowDeselect={false}
            value={draft.type}
            onChange={(type) => type && change({ type })}
          />
          {draft.type === 'action.retry' ? (
            <RetryFields draft={draft} onChange={change} />
          ) : (
            <ConcurrencyFields draft={draft} action={action} onChange={change} />
          )}
          <TextInput
            label="Name"
            value={draft.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <p className="quiet">
            <RichText>{policyInWords(policy) ?? ''}</RichText>
          </p>
          {create.error && <FaultNote error={create.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!isWhole} loading={create.isPending}>
              Add the policy
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

type FieldsProps = {
  readonly draft: PolicyDraft;
  readonly onChange: (changed: Partial<PolicyDraft>) => void;
};

function ConcurrencyFields({ draft, action, onChange }: FieldsProps & { readonly action: ActionDefinition }) {
  return (
    <>
      {draft.type === 'action.concurrency.attr' && (
        <MultiSelect
          label="Executions count together that have the same"
          placeholder={draft.attributes.length === 0 ? 'parameters' : ''}
          data={Object.keys(action.parameters)}
          value={[...draft.attributes]}
          onChange={(attributes) => onChange({ attributes })}
        />
      )}
      <NumberInput
        size="xs"
        label="At one time"
        min={1}
        max={256}
        allowDecimal={false}
        clampBehavior="strict"
        value={draft.threshold}
        onChange={(value) => typeof value === 'number' && onChange({ threshold: value })}
      />
      <Select
        label="Further ones"
        data={[
          { value: 'delay', label: 'wait' },
          { value: 'cancel', label: 'are canceled' },
        ]}
        allowDeselect={false}
        value={draft.overflow}
        onChange={(overflow) => overflow && onChange({ overflow })}
      />
    </>
  );
}

function RetryFields({ draft, onChange }: FieldsProps) {
  return (
    <>
      <Select
        label="When it"
        data={[
          { value: 'failure', label: 'fails' },
          { value: 'timeout', label: 'takes longer than its time' },
        ]}
        allowDeselect={false}
        value={draft.retryOn}
        onChange={(retryOn) => retryOn && onChange({ retryOn })}
      />
      <NumberInput
        size="xs"
        label="How often more"
        min={1}
        max={5}
        allowDecimal={false}
        clampBehavior="strict"
        value={draft.retries}
        onChange={(value) => typeof value === 'number' && onChange({ retries: value })}
      />
      <NumberInput
        size="xs"
        label="Seconds between two tries"
        min={0}
        max={120}
        clampBehavior="strict"
        value={draft.delay}
        onChange={(value) => typeof value === 'number' && onChange({ delay: value })}
      />
    </>
  );
}
