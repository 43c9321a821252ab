import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Settings } from '../../../main/contract/settings.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { NumberSetting } from '../../ui/NumberSetting.tsx';
import { ProblemList } from '../../ui/ProblemList.tsx';
import { Section } from '../../ui/Section.tsx';
import { PolicyList } from '../policies/PolicyList.tsx';
import { OwnLimitsList } from './OwnLimitsList.tsx';
import { LIMITS } from './own-limits.ts';
import { useUpdate } from './use-update.ts';

/** How much runs at one time, and what each may use: for all, for a pack, for an action. */
export function LimitSettings({ settings, of }: { settings: Settings; of: string | undefined }) {
  const update = useUpdate();
  const { executions, python } = settings;
  const atOneTime = (key: 'concurrency' | 'workflows') => (value: number | undefined) =>
    value !== undefined && update({ executions: { [key]: value } });
  return (
    <>
      <div className="two-columns">
        <Section title="At one time">
          <Stack gap="sm" className="card">
            <NumberSetting
              key={`actions ${executions.concurrency}`}
              label="Actions running at one time"
              description="Further ones wait for their turn"
              min={1}
              max={256}
              value={executions.concurrency}
              onSave={atOneTime('concurrency')}
            />
            <NumberSetting
              key={`workflows ${executions.workflows}`}
              label="Workflows running at one time"
              description="They do not count as actions"
              min={1}
              max={256}
              value={executions.workflows}
              onSave={atOneTime('workflows')}
            />
          </Stack>
        </Section>
        <Section title="Limits of Python actions">
          <Stack gap="sm" className="card">
            {LIMITS.map(({ key, label, min }) => (
              <NumberSetting
                key={`${key} ${python.limits[key]}`}
                label={label}
                description={
                  min === 0 ? '0: no limit' : 'Of stdout and of stderr each; what comes after is thrown away'
                }
                min={min}
                max={1_000_000}
                value={python.limits[key]}
                onSave={(value) =>
                  value !== undefined && update({ python: { limits: { ...python.limits, [key]: value } } })
                }
              />
            ))}
          </Stack>
        </Section>
      </div>
      <Section title="Of one pack or action">
        <OwnLimitsList key={of ?? ''} settings={settings} of={of} />
      </Section>
      <Policies />
    </>
  );
}

function Policies() {
  const { queries } = useEngine();
  const problems = useQuery(queries.policyProblems()).data ?? [];
  return (
    <Section title="Policies">
      <Stack gap="sm">
        {problems.length > 0 && <ProblemList problems={problems} />}
        <Loaded query={useQuery(queries.policies())}>
          {(policies) =>
            policies.length > 0 ? (
              <PolicyList policies={policies} />
            ) : (
              <p className="quiet">There are none. On the page of an action you can add one.</p>
            )
          }
        </Loaded>
      </Stack>
    </Section>
  );
}
