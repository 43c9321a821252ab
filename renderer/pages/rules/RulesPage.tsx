import { Button, Chip, Group, TextInput } from '@mantine/core';
import { IconPlus, IconRoute, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { RuleSummary } from '../../../main/contract/rules.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ProblemList } from '../../ui/ProblemList.tsx';
import { VirtualList } from '../../ui/VirtualList.tsx';
import { findRules } from './find-rules.ts';
import { RuleRow } from './RuleRow.tsx';

const route = getRouteApi('/rules');
const ROW_PX = 59;
const PROBLEM_PX = 60;

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
  return <FoundRules rules={rules} />;
}

function FoundRules({ rules }: { rules: RuleSummary[] }) {
  const { find, label } = route.useSearch();
  const navigate = route.useNavigate();
  const labels = [...new Set(rules.flatMap(({ tags }) => tags))].sort();
  const found = findRules(rules, find ?? '', label);
  return (
    <>
      <Group gap="sm" mb="sm">
        <TextInput
          w={260}
          aria-label="Find a rule"
          placeholder="Find a rule"
          leftSection={<IconSearch size={14} />}
          value={find ?? ''}
          onChange={({ currentTarget: { value } }) =>
            void navigate({ search: (kept) => ({ ...kept, find: value || undefined }), replace: true })
          }
        />
        {labels.length > 0 && (
          <Chip.Group
            value={label ?? ''}
            onChange={(chosen) =>
              void navigate({
                search: (kept) => ({ ...kept, label: chosen === label || !chosen ? undefined : String(chosen) }),
                replace: true,
              })
            }
          >
            <Group gap="xs" role="group" aria-label="Labels">
              {labels.map((each) => (
                <Chip
                  key={each}
                  size="xs"
                  value={each}
                  onClick={() =>
                    each === label &&
                    void navigate({ search: (kept) => ({ ...kept, label: undefined }), replace: true })
                  }
                >
                  {each}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        )}
      </Group>
      {found.length === 0 ? (
        <p className="quiet">No rule fits.</p>
      ) : (
        <VirtualList
          label="Rules"
          className="list"
          items={found}
          keyOf={({ ref }) => ref}
          guess={({ problems }) => ROW_PX + problems.length * PROBLEM_PX}
        >
          {(rule) => <RuleRow rule={rule} />}
        </VirtualList>
      )}
    </>
  );
}
