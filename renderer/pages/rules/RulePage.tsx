import { Button, Group, Stack } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ResourceRef } from '../../../main/contract/refs.ts';
import type { RuleDetail } from '../../../main/contract/rules.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { ConfirmButton } from '../../ui/ConfirmButton.tsx';
import { LazyYamlEditor } from '../../ui/LazyYamlEditor.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ProblemList } from '../../ui/ProblemList.tsx';
import { problemsOf } from '../../ui/problems-of.ts';
import { Section } from '../../ui/Section.tsx';
import { Status } from '../../ui/Status.tsx';
import { showFault } from '../../ui/show-fault.ts';
import { RULE_TONES } from '../../ui/status-tones.ts';
import { RuleSwitch } from './RuleRow.tsx';
import { RuleSentence } from './RuleSentence.tsx';

export function RulePage({ ruleRef }: { ruleRef: ResourceRef }) {
  const { queries } = useEngine();
  const rule = useQuery(queries.rule(ruleRef));
  return (
    <div className="page">
      <Loaded query={rule}>{(detail) => <Rule rule={detail} />}</Loaded>
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
        {isOwn && <DeleteButton rule={rule} />}
      </PageHeader>
      <Stack gap="md">
        {rule.problems.length > 0 && <ProblemList problems={rule.problems} />}
        <RuleSentence rule={rule} />
      </Stack>
      {isOwn ? <EditableYaml key={rule.yaml} rule={rule} /> : <PackYaml rule={rule} />}
    </>
  );
}

function PackYaml({ rule }: { rule: RuleDetail }) {
  return (
    <Section title="YAML" side={<span className="quiet">This rule came with the pack {rule.pack}: read only</span>}>
      <LazyYamlEditor label="YAML of the rule" initial={rule.yaml} readOnly problems={rule.problems} />
      <p className="quiet mono">{rule.file}</p>
    </Section>
  );
}

function EditableYaml({ rule }: { rule: RuleDetail }) {
  const { client, queries } = useEngine();
  const cache = useQueryClient();
  const [yaml, setYaml] = useState(rule.yaml);
  const save = useMutation({
    mutationFn: () => client.rules.save({ ref: rule.ref, yaml }),
    onSuccess: (saved) => cache.setQueryData(queries.rule(rule.ref).queryKey, saved),
  });
  const isChanged = yaml !== rule.yaml;
  const problems = save.error ? problemsOf(save.error) : rule.problems;
  const saveButton = (
    <Group gap="sm">
      {isChanged && <span className="quiet">not saved yet</span>}
      <Button disabled={!isChanged} loading={save.isPending} onClick={() => save.mutate()}>
        Save
      </Button>
    </Group>
  );
  return (
    <Section title="YAML" side={saveButton}>
      <Stack gap="sm">
        {save.error && <ProblemList problems={problems} />}
        <LazyYamlEditor
          label="YAML of the rule"
          initial={rule.yaml}
          problems={problems}
          onChange={setYaml}
          onSave={() => save.mutate()}
        />
        <p className="quiet mono">{rule.file}</p>
      </Stack>
    </Section>
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
