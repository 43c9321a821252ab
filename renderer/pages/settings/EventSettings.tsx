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
          <Count
            label="Events in a row that may each cause the next"
            description="Counted where the app itself tells of what an action did"
            min={1}
            max={1000}
            value={triggers.maxChain}
            onCount={(maxChain) => update({ triggers: { maxChain } })}
          />
          <Count
            label="The same for events that actions send on purpose"
            description="Each within ten seconds of the one before"
            min={1}
            max={100_000}
            value={triggers.maxSent}
            onCount={(maxSent) => update({ triggers: { maxSent } })}
          />
          <Count
            label="Bytes that a webhook takes"
            min={1024}
            max={16 * 1024 * 1024}
            step={100_000}
            value={webhooks.maxBodyBytes}
            onCount={(maxBodyBytes) => update({ webhooks: { maxBodyBytes } })}
          />
        </Stack>
      </Section>
      <Section title="Rules that run because of themselves">
        <Stack gap="sm" className="card">
          <Count
            label="Runs of a rule from which on it is looked at"
            description="A rule whose own action causes what it listens to is stopped; 0 leaves every rule alone"
            min={0}
            max={100_000}
            value={triggers.loopRuns}
            onCount={(loopRuns) => update({ triggers: { loopRuns } })}
          />
          <Count
            label="Seconds in which they are counted"
            min={1}
            max={600}
            value={triggers.loopSeconds}
            onCount={(loopSeconds) => update({ triggers: { loopSeconds } })}
          />
        </Stack>
      </Section>
    </div>
  );
}

type CountProps = {
  readonly label: string;
  readonly description?: string;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly value: number;
  onCount(value: number): void;
};

/** A whole number; what is out of its bounds is not taken. */
function Count({ onCount, ...props }: CountProps) {
  const isCount = (value: number | string) => typeof value === 'number' && value >= props.min && value <= props.max;
  return (
    <NumberInput
      size="xs"
      allowDecimal={false}
      clampBehavior="strict"
      {...props}
      onChange={(value) => isCount(value) && onCount(Number(value))}
    />
  );
}
