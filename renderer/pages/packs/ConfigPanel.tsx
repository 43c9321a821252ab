import { Button, SegmentedControl, Stack } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { PackConfig } from '../../../main/contract/pack-config.ts';
import type { PackRef } from '../../../main/contract/refs.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { FaultNote } from '../../ui/FaultNote.tsx';
import { FilePlace } from '../../ui/FilePlace.tsx';
import { LeaveGuard } from '../../ui/LeaveGuard.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Section } from '../../ui/Section.tsx';
import { ValueView } from '../../ui/ValueView.tsx';
import { ConfigForm } from './ConfigForm.tsx';
import { ConfigYaml } from './ConfigYaml.tsx';
import type { ConfigChange } from './config-draft.ts';

/** The configuration of a pack as a form, as its file, and as the pack gets it. Not there where a pack takes none. */
export function ConfigPanel({ packRef }: { packRef: PackRef }) {
  const { queries } = useEngine();
  const config = useQuery(queries.packConfig(packRef));
  return (
    <Loaded query={config}>
      {(latest) => (Object.keys(latest.schema).length > 0 || latest.exists ? <Config latest={latest} /> : null)}
    </Loaded>
  );
}

type View = 'form' | 'yaml' | 'effective';

function Config({ latest }: { latest: PackConfig }) {
  const [view, setView] = useState<View>('form');
  const { base, turn, isChanged, setChanged, show } = useBase(latest);
  const save = useSave(base, show);
  const editing = {
    config: base,
    isSaving: save.isPending,
    onChanged: setChanged,
    onDiscard: () => show(latest),
    onSave: save.mutate,
  };
  return (
    <Section title="Configuration" side={<Views view={view} isLocked={isChanged} onView={setView} />}>
      <LeaveGuard isChanged={isChanged} what="the configuration" />
      <Stack gap="sm">
        {base.readable.length > 0 && (
          <ReadableNote
            names={base.readable}
            isBusy={save.isPending}
            onEncrypt={() => save.mutate({ encrypt: true })}
          />
        )}
        {isChanged && latest.revision !== base.revision && (
          <p className="quiet" role="status">
            The file was changed elsewhere meanwhile. Discard your changes to see it.
          </p>
        )}
        {view === 'form' && <ConfigForm key={turn} {...editing} />}
        {view === 'yaml' && <ConfigYaml key={turn} {...editing} error={save.error} />}
        {view === 'effective' && <Effective config={base} />}
        {save.error && view === 'form' && <FaultNote error={save.error} />}
        <p className="quiet">{base.exists ? <FilePlace file={base.file} /> : <code>{base.file}</code>}</p>
      </Stack>
    </Section>
  );
}

/** What is being edited: the latest there is, until somebody begins to change it. Each `turn` begins anew. */
function useBase(latest: PackConfig) {
  const [{ base, turn }, setShown] = useState({ base: latest, turn: 0 });
  const [isChanged, setChanged] = useState(false);
  const show = (config: PackConfig) => {
    setShown((before) => ({ base: config, turn: before.turn + 1 }));
    setChanged(false);
  };
  useEffect(() => {
    if (isChanged) return;
    setShown((before) =>
      before.base.revision === latest.revision ? { ...before, base: latest } : { base: latest, turn: before.turn + 1 },
    );
  }, [latest, isChanged]);
  return { base, turn, isChanged, setChanged, show };
}

function useSave({ ref, revision }: PackConfig, onSaved: (saved: PackConfig) => void) {
  const { client, queries } = useEngine();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (change: ConfigChange) => client.packs.saveConfig({ ref, revision, ...change }),
    onSuccess: (saved) => {
      cache.setQueryData(queries.packConfig(ref).queryKey, saved);
      onSaved(saved);
    },
  });
}

/** The form and the file are two drafts of one thing, so only one of them is edited at a time. */
function Views({ view, isLocked, onView }: { view: View; isLocked: boolean; onView: (view: View) => void }) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="How the configuration is shown"
      value={view}
      disabled={isLocked}
      onChange={(chosen) => onView(chosen as View)}
      data={[
        { value: 'form', label: 'Form' },
        { value: 'yaml', label: 'YAML' },
        { value: 'effective', label: 'In effect' },
      ]}
    />
  );
}

function ReadableNote(props: { names: readonly string[]; isBusy: boolean; onEncrypt: () => void }) {
  return (
    <div className="field-with-side">
      <p className="quiet">
        Anyone who can read the file can read <span className="mono">{props.names.join(', ')}</span> in it.
      </p>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconLock size={14} />}
        loading={props.isBusy}
        onClick={props.onEncrypt}
      >
        Encrypt
      </Button>
    </div>
  );
}

function Effective({ config }: { config: PackConfig }) {
  if (config.effective) return <ValueView value={config.effective} label="In effect" />;
  return <p className="quiet">An expression in it can’t be rendered; see the problems of the pack.</p>;
}
