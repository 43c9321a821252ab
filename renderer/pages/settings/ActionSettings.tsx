import { NumberInput, Select, Stack } from '@mantine/core';
import type { Settings } from '../../../main/contract/settings.ts';
import { Section } from '../../ui/Section.tsx';
import { useUpdate } from './use-update.ts';

/** What actions in JavaScript run on, and how long it is known what ran. */
export function ActionSettings({ settings: { history, javascript } }: { settings: Settings }) {
  const update = useUpdate();
  return (
    <div className="two-columns">
      <Section title="Actions in JavaScript">
        <Stack gap="sm" className="card">
          <Select
            label="They run on"
            description="Modules with native code may be built for one and not for the other"
            data={[
              { value: 'app', label: 'the Node of Stormlet' },
              { value: 'machine', label: 'the Node of this machine (node on the PATH)' },
            ]}
            value={javascript.node}
            allowDeselect={false}
            onChange={(node) => node && update({ javascript: { node } })}
          />
        </Stack>
      </Section>
      <Section title="History">
        <Stack gap="sm" className="card">
          <NumberInput
            size="xs"
            label="Days that it is kept"
            description="0: for ever"
            min={0}
            max={36_500}
            allowDecimal={false}
            clampBehavior="strict"
            value={history.keepDays}
            onChange={(value) => typeof value === 'number' && update({ history: { keepDays: value } })}
          />
          <NumberInput
            size="xs"
            label="Events, executions and notices of each that are kept at most"
            description="0: any number"
            min={0}
            step={10_000}
            allowDecimal={false}
            value={history.keepCount}
            onChange={(value) => typeof value === 'number' && value >= 0 && update({ history: { keepCount: value } })}
          />
        </Stack>
      </Section>
    </div>
  );
}
