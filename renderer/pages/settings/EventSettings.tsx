import { Select, Stack } from '@mantine/core';
import type { Settings } from '../../../main/contract/settings.ts';
import { NumberSetting } from '../../ui/NumberSetting.tsx';
import { Section } from '../../ui/Section.tsx';
import { useUpdate } from './use-update.ts';

/** Timers, webhooks, and events that actions cause. */
export function EventSettings({ settings: { timers, triggers, webhooks } }: { settings: Settings }) {
  const update = useUpdate();
  const saveTrigger = (key: 'maxChain' | 'maxSent' | 'loopRuns' | 'loopSeconds') => (value: number | undefined) =>
    value !== undefined && update({ triggers: { [key]: value } });
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
          <NumberSetting
            key={`maxChain ${triggers.maxChain}`}
            label="Events in a row that may each cause the next"
            description="Counted where the app itself tells of what an action did"
            min={1}
            max={1000}
            value={triggers.maxChain}
            onSave={saveTrigger('maxChain')}
          />
          <NumberSetting
            key={`maxSent ${triggers.maxSent}`}
            label="The same for events that actions send on purpose"
            description="Each within ten seconds of the one before"
            min={1}
            max={100_000}
            value={triggers.maxSent}
            onSave={saveTrigger('maxSent')}
          />
          <NumberSetting
            key={`maxBodyBytes ${webhooks.maxBodyBytes}`}
            label="Bytes that a webhook takes"
            min={1024}
            max={16 * 1024 * 1024}
            value={webhooks.maxBodyBytes}
            onSave={(maxBodyBytes) => maxBodyBytes !== undefined && update({ webhooks: { maxBodyBytes } })}
          />
        </Stack>
      </Section>
      <Section title="Rules that run because of themselves">
        <Stack gap="sm" className="card">
          <NumberSetting
            key={`loopRuns ${triggers.loopRuns}`}
            label="Runs of a rule from which on it is looked at"
            description="A rule whose own action causes what it listens to is stopped; 0 leaves every rule alone"
            min={0}
            max={100_000}
            value={triggers.loopRuns}
            onSave={saveTrigger('loopRuns')}
          />
          <NumberSetting
            key={`loopSeconds ${triggers.loopSeconds}`}
            label="Seconds in which they are counted"
            min={1}
            max={600}
            value={triggers.loopSeconds}
            onSave={saveTrigger('loopSeconds')}
          />
        </Stack>
      </Section>
    </div>
  );
}
