import { NumberInput, Select, Stack, Switch } from '@mantine/core';
import type { Settings, SettingsPatch } from '../../../main/contract/settings.ts';
import { Section } from '../../ui/Section.tsx';

type Python = Settings['python'];
type Props = { python: Python; onChange: (changed: NonNullable<SettingsPatch['python']>) => void };

/** How Python actions get their processes. */
export function PythonRunForm({ python, onChange }: Props) {
  return (
    <Section title="Processes of Python actions">
      <Stack gap="sm" className="card">
        <Select
          label="Each action gets its process"
          description="All are equally separate; a fresh interpreter takes the longest"
          data={[
            { value: 'auto', label: 'in the fastest way that is safe here' },
            { value: 'fork', label: 'forked from a warm interpreter' },
            { value: 'standby', label: 'from interpreters that stand by' },
            { value: 'cold', label: 'by a fresh interpreter' },
          ]}
          value={python.isolation}
          allowDeselect={false}
          onChange={(isolation) => isolation && onChange({ isolation })}
        />
        <Switch
          label="Import ahead what a pack’s earlier actions imported"
          checked={python.preImport}
          onChange={(event) => onChange({ preImport: event.currentTarget.checked })}
        />
        <NumberInput
          size="xs"
          label="Minutes without an action until a warm interpreter ends"
          min={1}
          max={1440}
          clampBehavior="strict"
          value={python.idleMinutes}
          onChange={(value) => typeof value === 'number' && value >= 1 && onChange({ idleMinutes: value })}
        />
      </Stack>
    </Section>
  );
}
