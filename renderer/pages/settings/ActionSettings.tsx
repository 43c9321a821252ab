import { NumberInput } from '@mantine/core';
import type { Settings } from '../../../main/contract/settings.ts';
import { Section } from '../../ui/Section.tsx';
import { LimitsForm } from './PythonRunForm.tsx';
import { useUpdate } from './use-update.ts';

/** How much runs at one time, and what each may use. */
export function ActionSettings({ settings: { executions, python } }: { settings: Settings }) {
  const update = useUpdate();
  return (
    <div className="two-columns">
      <Section title="At one time">
        <div className="card">
          <NumberInput
            size="xs"
            label="Actions running at one time"
            description="Further ones wait for their turn"
            min={1}
            max={256}
            allowDecimal={false}
            clampBehavior="strict"
            value={executions.concurrency}
            onChange={(value) => typeof value === 'number' && update({ executions: { concurrency: value } })}
          />
        </div>
      </Section>
      <LimitsForm limits={python.limits} onChange={(limits) => update({ python: { limits } })} />
    </div>
  );
}
