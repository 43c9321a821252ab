import { Select, Stack, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Settings } from '../../../main/contract/settings.ts';
import { Section } from '../../ui/Section.tsx';
import { PythonRunForm } from './PythonRunForm.tsx';
import { useUpdate } from './use-update.ts';

/** Which Python packs get, how their virtualenvs are built, and how actions get their processes. */
export function PythonSettings({ python }: { python: Settings['python'] }) {
  const update = useUpdate();
  return (
    <div className="two-columns">
      <Section title="Virtualenvs">
        <Stack gap="sm" className="card">
          <InterpreterInput
            key={python.interpreter}
            interpreter={python.interpreter}
            onSave={(interpreter) => update({ python: { interpreter } })}
          />
          <Select
            label="Builds virtualenvs with"
            data={[
              { value: 'auto', label: 'uv where there is one, else pip' },
              { value: 'never', label: 'venv and pip only' },
            ]}
            value={python.uv}
            allowDeselect={false}
            onChange={(uv) => uv && update({ python: { uv } })}
          />
          <Select
            label="When a pack's requirements.txt changes"
            data={[
              { value: 'offer', label: 'offer to update its virtualenv' },
              { value: 'automatic', label: 'update its virtualenv by itself' },
            ]}
            value={python.updateVirtualenvs}
            allowDeselect={false}
            onChange={(updateVirtualenvs) => updateVirtualenvs && update({ python: { updateVirtualenvs } })}
          />
          <Switch
            label="Packs find modules of the environment that the app was started in"
            description="An activated virtualenv or conda environment, searched after all else"
            checked={python.useActivatedEnvironment}
            onChange={(event) => update({ python: { useActivatedEnvironment: event.currentTarget.checked } })}
          />
        </Stack>
      </Section>
      <PythonRunForm python={python} onChange={(changed) => update({ python: changed })} />
    </div>
  );
}

type InterpreterInputProps = { interpreter: string; onSave: (interpreter: string) => void };

/** Saved when it is left or Enter is pressed: half a path is no interpreter. */
function InterpreterInput({ interpreter, onSave }: InterpreterInputProps) {
  const [typed, setTyped] = useState(interpreter);
  const save = () => typed.trim() !== interpreter && onSave(typed.trim());
  return (
    <TextInput
      label="Interpreter for new virtualenvs"
      description="Empty: the best that is found, 3.11 or 3.10 before others"
      placeholder="found by itself"
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => event.key === 'Enter' && save()}
    />
  );
}
