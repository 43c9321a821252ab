import { Button, Stack, TextInput } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import type { PackDetail, VirtualenvStatus } from '../../../main/contract/packs.ts';
import { useRun } from '../../client/use-execution.ts';
import { ExecutionView } from '../../ui/ExecutionView.tsx';
import { FaultNote } from '../../ui/FaultNote.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Section } from '../../ui/Section.tsx';
import { Status } from '../../ui/Status.tsx';
import { inWords, VIRTUALENV_TONES } from '../../ui/status-tones.ts';
import { ValueView } from '../../ui/ValueView.tsx';
import { Distributions } from './Distributions.tsx';

/** The pack's Python: its state, what the installer said when it failed, and a way to build it again. */
export function VirtualenvPanel({ pack }: { pack: PackDetail }) {
  const { virtualenv } = pack;
  const run = useRun('packs.setup_virtualenv');
  const [interpreter, setInterpreter] = useState(virtualenv.interpreter ?? '');
  // Empty means that the app shall choose; it is only said where that is a change.
  const python = interpreter.trim() || (virtualenv.interpreter === undefined ? undefined : 'auto');
  const isUrgent = virtualenv.state !== 'ready';
  const button = virtualenv.state !== 'not-needed' && (
    <Button
      variant={isUrgent ? 'filled' : 'default'}
      leftSection={<IconRefresh size={14} />}
      loading={run.busy || virtualenv.state === 'building'}
      onClick={() => run.start({ packs: [pack.ref], ...(python !== undefined && { python }) })}
    >
      {BUTTONS[virtualenv.state]}
    </Button>
  );
  return (
    <Section title="Virtualenv" side={button}>
      <Stack gap="sm">
        <dl className="facts">
          <dt>State</dt>
          <dd>
            <Status tone={VIRTUALENV_TONES[virtualenv.state]} label={inWords(virtualenv.state)} />
            {virtualenv.why && <span className="quiet"> {virtualenv.why}</span>}
          </dd>
          {virtualenv.python && (
            <>
              <dt>Python</dt>
              <dd>{virtualenv.python}</dd>
            </>
          )}
          {virtualenv.builtAt && (
            <>
              <dt>Built</dt>
              <dd>
                <Moment at={virtualenv.builtAt} />
              </dd>
            </>
          )}
          {virtualenv.path && (
            <>
              <dt>Folder</dt>
              <dd className="mono">{virtualenv.path}</dd>
            </>
          )}
        </dl>
        {virtualenv.state !== 'not-needed' && (
          <TextInput
            label="Interpreter of this pack"
            description="Kept for later builds; empty: the app chooses, by what the pack and the settings say"
            placeholder="python3.12 or a path"
            value={interpreter}
            onChange={(event) => setInterpreter(event.currentTarget.value)}
          />
        )}
        <Distributions pack={pack} />
        {run.fault && <FaultNote error={run.fault} />}
        {run.execution && <ExecutionView execution={run.execution} />}
        {!run.execution && virtualenv.output && <ValueView value={virtualenv.output} label="What the installer said" />}
      </Stack>
    </Section>
  );
}

const BUTTONS = {
  'not-needed': '',
  missing: 'Build',
  building: 'Build again',
  ready: 'Build again',
  outdated: 'Update',
  failed: 'Retry',
} as const satisfies Record<VirtualenvStatus['state'], string>;
