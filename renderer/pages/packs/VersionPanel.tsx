import { Button, Group, Stack } from '@mantine/core';
import { IconArrowBackUp, IconDownload } from '@tabler/icons-react';
import type { PackDetail, PackInstallation } from '../../../main/contract/packs.ts';
import { useRun } from '../../client/use-execution.ts';
import { ConfirmButton } from '../../ui/ConfirmButton.tsx';
import { ExecutionView } from '../../ui/ExecutionView.tsx';
import { FaultNote } from '../../ui/FaultNote.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Section } from '../../ui/Section.tsx';

/** Where the installed version came from, and the ways to the next one and back to the one before. */
export function VersionPanel({ pack }: { pack: PackDetail }) {
  const update = useRun('packs.update');
  const rollback = useRun('packs.rollback');
  const { installation, previous } = pack;
  const busy = update.busy || rollback.busy;
  const begin = (wanted: typeof update, other: typeof update) => {
    other.forget();
    wanted.start({ packs: [pack.ref] });
  };
  const buttons = (
    <Group gap="xs">
      {previous && (
        <ConfirmButton
          label={`Go back to ${nameOf(previous.version)}`}
          icon={<IconArrowBackUp size={14} />}
          title={`Go back to ${nameOf(previous.version)}?`}
          cancel={`Stay on ${nameOf(pack.version)}`}
          confirm="Go back"
          harmless
          onConfirm={() => begin(rollback, update)}
        >
          {pack.name} and its virtualenv become what they were before the last update. What runs now finishes on what it
          has, and you can return in the same way.
        </ConfirmButton>
      )}
      {installation && (
        <Button
          variant="default"
          leftSection={<IconDownload size={14} />}
          loading={busy}
          onClick={() => begin(update, rollback)}
        >
          Update
        </Button>
      )}
    </Group>
  );
  const run = rollback.execution || rollback.fault ? rollback : update;
  return (
    <Section title="Installed version" side={buttons}>
      <Stack gap="sm">
        <dl className="facts">
          <dt>Version</dt>
          <dd>{pack.version || 'not given'}</dd>
          {installation ? <Origin installation={installation} /> : <ByHand />}
          {previous && (
            <>
              <dt>Before it</dt>
              <dd>{nameOf(previous.version)}</dd>
            </>
          )}
        </dl>
        {run.fault && <FaultNote error={run.fault} />}
        {run.execution && <ExecutionView execution={run.execution} />}
      </Stack>
    </Section>
  );
}

function Origin({ installation }: { installation: PackInstallation }) {
  const { origin, ref, commit, at, by } = installation;
  return (
    <>
      <dt>From</dt>
      <dd className="mono">{origin}</dd>
      {(ref || commit) && (
        <>
          <dt>Commit</dt>
          <dd className="mono">{[ref, commit?.slice(0, 12)].filter(Boolean).join(' at ')}</dd>
        </>
      )}
      <dt>Installed</dt>
      <dd>
        <Moment at={at} /> by {by}
      </dd>
    </>
  );
}

function ByHand() {
  return (
    <>
      <dt>From</dt>
      <dd>a folder that was put there by hand</dd>
    </>
  );
}

function nameOf(version: string): string {
  return version === '' ? 'the version before' : `version ${version}`;
}
