import { Button } from '@mantine/core';
import { IconPlus, IconRoute } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RuleSummary } from '../../../main/contract/rules.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ProblemList } from '../../ui/ProblemList.tsx';
import { RuleRow } from './RuleRow.tsx';

export function RulesPage() {
  const { queries } = useEngine();
  const rules = useQuery(queries.rules());
  const problems = useQuery(queries.ruleProblems()).data ?? [];
  return (
    <div className="page">
      <PageHeader title="Rules" description="A rule says which action follows an event.">
        <NewRuleButton />
      </PageHeader>
      {problems.length > 0 && (
        <section aria-label="Rule files that cannot be read" style={{ marginBottom: 16 }}>
          <ProblemList problems={problems} />
        </section>
      )}
      <Loaded query={rules}>{(listed) => <RuleList rules={listed} />}</Loaded>
    </div>
  );
}

function NewRuleButton() {
  return (
    <Button leftSection={<IconPlus size={15} />} renderRoot={(props) => <Link to="/rules/new" {...props} />}>
      New rule
    </Button>
  );
}

function RuleList({ rules }: { rules: RuleSummary[] }) {
  if (rules.length === 0) {
    return (
      <Empty icon={<IconRoute size={28} />} title="No rules yet" action={<NewRuleButton />}>
        Make one here, install a pack that brings some, or put a YAML file into your rules folder.
      </Empty>
    );
  }
  const sorted = [...rules].sort(
    (a, b) => Number(a.origin === 'pack') - Number(b.origin === 'pack') || a.ref.localeCompare(b.ref),
  );
  return (
    <ul className="list" aria-label="Rules">
      {sorted.map((rule) => (
        <RuleRow key={rule.ref} rule={rule} />
      ))}
    </ul>
  );
}
