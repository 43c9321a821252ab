import { Button, Select, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { ActionDefinition, TriggerType } from '../../../main/contract/packs.ts';
import type { NewRule } from '../../../main/contract/rules.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { FaultNote } from '../../ui/FaultNote.tsx';
import { SchemaForm } from '../../ui/SchemaForm.tsx';
import { CriteriaRows } from './CriteriaRows.tsx';
import { payloadFields } from './payload-fields.ts';
import {
  parametersOf,
  type RuleDraft,
  readRule,
  suggestedName,
  triggerSpecs,
  withAction,
  withTrigger,
} from './rule-draft.ts';

type RuleFormProps = { types: TriggerType[]; actions: ActionDefinition[]; initial: RuleDraft };

/** When … if … then …, as a form. Faults show once somebody has tried to create the rule. */
export function RuleForm({ types, actions, initial }: RuleFormProps) {
  const { client } = useEngine();
  const navigate = useNavigate();
  const [draft, setDraft] = useState(initial);
  const [tried, setTried] = useState(false);
  const type = types.find(({ ref }) => ref === draft.trigger);
  const action = actions.find(({ ref }) => ref === draft.action);
  const read = readRule(draft, type, action);
  const faults = tried ? read.faults : {};
  const create = useMutation({
    mutationFn: (rule: NewRule) => client.rules.create(rule),
    onSuccess: ({ ref }) => navigate({ to: '/rules/$ref', params: { ref } }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (read.rule) create.mutate(read.rule);
  };
  const change = (next: RuleDraft) => setDraft(withSuggestedName(draft, next));
  const fields = payloadFields(type?.payloadSchema);

  return (
    <form className="list" onSubmit={submit} noValidate aria-label="New rule">
      <Clause word="When">
        <Select
          label="Trigger"
          placeholder="Choose an event"
          description={type?.description}
          searchable
          data={byPack(types)}
          value={draft.trigger || null}
          error={faults.trigger}
          onChange={(ref) =>
            change(
              withTrigger(
                draft,
                types.find((listed) => listed.ref === ref),
              ),
            )
          }
        />
        <SchemaForm
          specs={triggerSpecs(type)}
          draft={draft.triggerParameters}
          faults={parametersOf(faults, 'triggerParameters')}
          onChange={(triggerParameters) => change({ ...draft, triggerParameters })}
        />
      </Clause>
      <Clause word="If">
        <CriteriaRows
          criteria={draft.criteria}
          fields={fields}
          faults={faults}
          onChange={(criteria) => change({ ...draft, criteria })}
        />
      </Clause>
      <Clause word="Then">
        <Select
          label="Action"
          placeholder="Choose an action"
          description={action?.description}
          searchable
          data={byPack(actions)}
          value={draft.action || null}
          error={faults.action}
          onChange={(ref) =>
            change(
              withAction(
                draft,
                actions.find((listed) => listed.ref === ref),
              ),
            )
          }
        />
        {action && (
          <SchemaForm
            specs={action.parameters}
            draft={draft.parameters}
            expressions={{ from: 'event', paths: fields.map(({ path }) => path) }}
            faults={parametersOf(faults, 'parameters')}
            onChange={(parameters) => change({ ...draft, parameters })}
          />
        )}
      </Clause>
      <Clause word="Name">
        <TextInput
          label="Name"
          value={draft.name}
          error={faults.name}
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
        />
        <TextInput
          label="Description"
          value={draft.description}
          onChange={(event) => setDraft({ ...draft, description: event.currentTarget.value })}
        />
      </Clause>
      {create.error && (
        <div className="clause-fault">
          <FaultNote error={create.error} />
        </div>
      )}
      <div className="form-foot">
        {Object.keys(faults).length > 0 && <span className="quiet">Some fields above need a look.</span>}
        <Button type="submit" loading={create.isPending}>
          Create rule
        </Button>
      </div>
    </form>
  );
}

function Clause({ word, children }: { word: string; children: ReactNode }) {
  return (
    <fieldset className="clause" aria-label={word}>
      <span className="clause-word" aria-hidden>
        {word}
      </span>
      <Stack gap="sm">{children}</Stack>
    </fieldset>
  );
}

/** The name follows what is chosen until somebody has typed one. */
function withSuggestedName(before: RuleDraft, next: RuleDraft): RuleDraft {
  const isUntouched = before.name === '' || before.name === suggestedName(before.trigger, before.action);
  return isUntouched ? { ...next, name: suggestedName(next.trigger, next.action) } : next;
}

function byPack(things: readonly { readonly ref: string; readonly pack: string }[]) {
  const groups = Map.groupBy(things, ({ pack }) => pack);
  return [...groups].map(([group, members]) => ({ group, items: members.map(({ ref }) => ref).sort() }));
}
