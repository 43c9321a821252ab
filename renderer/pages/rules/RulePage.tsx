import { Anchor, Button } from '@mantine/core';
import { IconCopy, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ResourceRef } from '../../../main/contract/refs.ts';
import type { RuleDetail } from '../../../main/contract/rules.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { ConfirmButton } from '../../ui/ConfirmButton.tsx';
import { FilePlace } from '../../ui/FilePlace.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { problemsOf } from '../../ui/problems-of.ts';
import { Status } from '../../ui/Status.tsx';
import { showFault } from '../../ui/show-fault.ts';
import { RULE_TONES } from '../../ui/status-tones.ts';
import { together } from '../../ui/together.ts';
import { RuleEditor } from './RuleEditor.tsx';
import { RuleSwitch } from './RuleRow.tsx';

export function RulePage({ ruleRef }: { ruleRef: ResourceRef }) {
  const { queries } = useEngine();
  const rule = useQuery(queries.rule(ruleRef));
  return (
    <div className="page" data-wide="rule">
      <Loaded query={rule} heading={<PageHeader title={ruleRef} trail={<Link to="/rules">Rules</Link>} />}>
        {(detail) => <Rule rule={detail} />}
      </Loaded>
    </div>
  );
}

function Rule({ rule }: { rule: RuleDetail }) {
  const isOwn = rule.origin === 'user';
  return (
    <>
      <PageHeader
        title={rule.name}
        trail={<Link to="/rules">Rules</Link>}
        status={<Status tone={RULE_TONES[rule.state]} label={rule.state} />}
        description={rule.description}
      >
        <RuleSwitch rule={rule} />
        <Anchor
          size="xs"
          renderRoot={(props) => <Link to="/history/executions" search={{ rule: rule.ref }} {...props} />}
        >
          Its history
        </Anchor>
        <Button
          variant="default"
          leftSection={<IconCopy size={14} />}
          renderRoot={(props) => <Link to="/rules/new" search={{ copy: rule.ref }} {...props} />}
        >
          Duplicate
        </Button>
        {isOwn && <DeleteButton rule={rule} />}
      </PageHeader>
      <Editor key={rule.yaml} rule={rule} />
    </>
  );
}

function Editor({ rule }: { rule: RuleDetail }) {
  const { client, queries } = useEngine();
  const cache = useQueryClient();
  const read = together(useQuery(queries.triggerTypes()), useQuery(queries.actions()));
  const navigate = useNavigate();
  const save = useMutation({
    mutationFn: (yaml: string) => client.rules.save({ ref: rule.ref, yaml }),
    onSuccess: (saved) => {
      cache.setQueryData(queries.rule(saved.ref).queryKey, saved);
      // The text may have given it another name.
      if (saved.ref !== rule.ref) void navigate({ to: '/rules/$ref', params: { ref: saved.ref }, ignoreBlocker: true });
    },
  });
  const isOwn = rule.origin === 'user';
  return (
    <Loaded query={read}>
      {([types, actions]) => (
        <RuleEditor
          initial={rule.yaml}
          types={types}
          actions={actions}
          ruleRef={rule.ref}
          {...(isOwn && {
            saving: {
              label: 'Save',
              busy: save.isPending,
              problems: save.error ? problemsOf(save.error) : undefined,
              onSave: (yaml) => save.mutate(yaml),
            },
          })}
          note={
            <p className="quiet">
              <FilePlace file={rule.file} />
              {!isOwn && ` came with the pack ${rule.pack}, so it is only read here`}
            </p>
          }
        />
      )}
    </Loaded>
  );
}

function DeleteButton({ rule }: { rule: RuleDetail }) {
  const { client } = useEngine();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => client.rules.remove({ ref: rule.ref }),
    onSuccess: () => navigate({ to: '/rules' }),
    onError: showFault,
  });
  return (
    <ConfirmButton
      label="Delete"
      icon={<IconTrash size={14} />}
      title={`Delete ${rule.name}?`}
      confirm="Delete the rule"
      onConfirm={() => remove.mutate()}
    >
      Its file <span className="mono">{rule.file}</span> is deleted. The history of what it did stays.
    </ConfirmButton>
  );
}
