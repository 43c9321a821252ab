import { NumberInput, Select, Stack, Switch } from '@mantine/core';
import type { ActionLimits } from '../../../main/contract/python-settings.ts';
import type { Settings, SettingsPatch } from '../../../main/contract/settings.ts';
import { Section } from '../../ui/Section.tsx';

type Python = Settings['python'];
type Props = { python: Python; onChange: (changed: NonNullable<SettingsPatch['python']>) => void };

/** How Python actions get their processes, and what each may use. */
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

const LIMITS: readonly { readonly key: keyof ActionLimits; readonly label: string; readonly step: number }[] = [
  { key: 'memoryMb', label: 'Memory of each process, in megabytes', step: 256 },
  { key: 'cpuSeconds', label: 'Processor time, in seconds', step: 10 },
  { key: 'openFiles', label: 'Files open at one time', step: 256 },
  { key: 'outputKb', label: 'Output kept of stdout and of stderr, in kilobytes', step: 1024 },
];

/** What each process of a Python action may use. */
export function LimitsForm({ limits, onChange }: { limits: ActionLimits; onChange: (limits: ActionLimits) => void }) {
  return (
    <Section title="Limits of Python actions">
      <Stack gap="sm" className="card">
        {LIMITS.map(({ key, label, step }) => (
          <NumberInput
            key={key}
            size="xs"
            label={label}
            description={key === 'outputKb' ? 'What comes after is thrown away' : '0: no limit'}
            min={key === 'outputKb' ? 1 : 0}
            max={1_000_000}
            step={step}
            allowDecimal={false}
            clampBehavior="strict"
            value={limits[key]}
            onChange={(value) => typeof value === 'number' && onChange({ ...limits, [key]: value })}
          />
        ))}
      </Stack>
    </Section>
  );
}
