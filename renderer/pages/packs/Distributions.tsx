import { Button, Group, Stack } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { Distribution, PackDetail } from '../../../main/contract/packs.ts';
import { useRun } from '../../client/use-execution.ts';
import { ExecutionView } from '../../ui/ExecutionView.tsx';
import { FaultNote } from '../../ui/FaultNote.tsx';

/** The lock of a pack: what its virtualenv holds, to the version, and a way to build exactly that again. */
export function Distributions({ pack }: { pack: PackDetail }) {
  const run = useRun('packs.setup_virtualenv');
  const { distributions } = pack;
  if (distributions.length === 0) return null;
  return (
    <Stack gap="sm">
      <details>
        <summary>
          {distributions.length === 1 ? 'One package is installed' : `${distributions.length} packages are installed`}
        </summary>
        <Stack gap="sm" mt="xs">
          <dl className="facts">
            {distributions.map((distribution) => (
              <Installed key={distribution.name} distribution={distribution} />
            ))}
          </dl>
          <Group>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconLock size={14} />}
              loading={run.busy}
              onClick={() => run.start({ packs: [pack.ref], locked: true })}
            >
              Build again with exactly these
            </Button>
          </Group>
        </Stack>
      </details>
      {run.fault && <FaultNote error={run.fault} />}
      {run.execution && <ExecutionView execution={run.execution} />}
    </Stack>
  );
}

function Installed({ distribution: { name, version, url } }: { distribution: Distribution }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="mono">{url === undefined ? version : `${version} from ${url}`}</dd>
    </>
  );
}
