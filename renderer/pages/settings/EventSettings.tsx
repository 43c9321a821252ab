import { NumberInput, Select, Stack } from '@mantine/core';
import type { Settings } from '../../../main/contract/settings.ts';
import { Section } from '../../ui/Section.tsx';
import { useUpdate } from './use-update.ts';

/** Timers, webhooks, and events that actions cause. */
export function EventSettings({ settings: { timers, triggers, webhooks } }: { settings: Settings }) {
  const update = useUpdate();
  return (
    <div className="two-columns">
      <Section title="Timers">
        <div className="card">
          <Select
            label="Runs that were missed while the app did not run"
            data={[
              { value: 'skip', label: 'are only told in the history' },
              { value: 'once', label: 'are made up for by one run' },
            ]}
            value={timers.missedRuns}
            allowDeselect={false}
            onChange={(missedRuns) => missedRuns && update({ timers: { missedRuns } })}
          />
        </div>
      </Section>
      <Section title="Events">
        <Stack gap="sm" className="card">
          <NumberInput
            size="xs"
            label="Events in a row that may each cause the next"
            description="A rule that triggers itself ends here"
            min={1}
            max={1000}
            allowDecimal={false}
            clampBehavior="strict"
            value={triggers.maxChain}
            onChange={(value) => typeof value === 'number' && update({ triggers: { maxChain: value } })}
          />
          <NumberInput
            size="xs"
            label="Bytes that a webhook takes"
            min={1024}
            step={100_000}
            allowDecimal={false}
            value={webhooks.maxBodyBytes}
            onChange={(value) =>
              typeof value === 'number' && value >= 1024 && update({ webhooks: { maxBodyBytes: value } })
            }
          />
        </Stack>
      </Section>
    </div>
  );
}
