import { NumberInput, Select, Stack, Switch, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Settings, SettingsPatch } from '../../../main/contract/settings.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Section } from '../../ui/Section.tsx';
import { showFault } from '../../ui/show-fault.ts';
import { CatalogueSettings } from './CatalogueSettings.tsx';
import { DoctorPanel } from './DoctorPanel.tsx';
import { PythonRunForm } from './PythonRunForm.tsx';

export function SettingsPage() {
  const { queries } = useEngine();
  const settings = useQuery(queries.settings());
  return (
    <div className="page">
      <PageHeader title="Settings" description="Changes take effect at once." />
      <Loaded query={settings}>{(current) => <SettingsForm settings={current} />}</Loaded>
      <Folders />
      <DoctorPanel />
    </div>
  );
}

function SettingsForm({ settings }: { settings: Settings }) {
  const update = useUpdate();
  const { notifications, executions, python, packs } = settings;
  return (
    <div className="two-columns">
      <Section title="Notifications">
        <Stack gap="sm" className="card">
          <Switch
            label="When an action succeeds"
            checked={notifications.onSuccess}
            onChange={(event) => update({ notifications: { onSuccess: event.currentTarget.checked } })}
          />
          <Switch
            label="When an action fails"
            checked={notifications.onFailure}
            onChange={(event) => update({ notifications: { onFailure: event.currentTarget.checked } })}
          />
          <Switch
            label="When a rule or a person asks for one with notify.show"
            checked={notifications.onRequest}
            onChange={(event) => update({ notifications: { onRequest: event.currentTarget.checked } })}
          />
        </Stack>
      </Section>
      <Section title="Actions">
        <div className="card">
          <NumberInput
            size="xs"
            label="Running at one time"
            description="Further actions wait for their turn"
            min={1}
            max={256}
            allowDecimal={false}
            clampBehavior="strict"
            value={executions.concurrency}
            onChange={(value) => typeof value === 'number' && update({ executions: { concurrency: value } })}
          />
        </div>
      </Section>
      <Section title="Python">
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
      <Section title="Packs">
        <div className="card">
          <CatalogueSettings
            key={packs.catalogues.join('\n')}
            catalogues={packs.catalogues}
            onSave={(catalogues) => update({ packs: { catalogues } })}
          />
        </div>
      </Section>
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

function useUpdate(): (patch: SettingsPatch) => void {
  const { client, queries } = useEngine();
  const cache = useQueryClient();
  const update = useMutation({
    mutationFn: (patch: SettingsPatch) => client.settings.update(patch),
    onSuccess: (settings) => cache.setQueryData(queries.settings().queryKey, settings),
    onError: showFault,
  });
  return update.mutate;
}

function Folders() {
  const { queries } = useEngine();
  const status = useQuery(queries.status()).data;
  if (!status) return null;
  const { folders, busUrl, host, version } = status;
  return (
    <Section title="Where things are">
      <dl className="facts card">
        <dt>Settings</dt>
        <dd className="mono">{folders.config}</dd>
        <dt>Your rules</dt>
        <dd className="mono">{folders.rules}</dd>
        <dt>Packs</dt>
        <dd className="mono">{folders.packs}</dd>
        <dt>Data</dt>
        <dd className="mono">{folders.data}</dd>
        <dt>MQTT broker</dt>
        <dd className="mono">{busUrl}</dd>
        <dt>Version</dt>
        <dd>
          {version}, {host === 'desktop' ? 'desktop app' : 'without a desktop'}
        </dd>
      </dl>
    </Section>
  );
}
