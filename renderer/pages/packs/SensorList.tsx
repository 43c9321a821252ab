import { Button, Collapse } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconPlayerPause, IconPlayerPlay, IconRefresh } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { PackDetail } from '../../../main/contract/packs.ts';
import type { SensorStatus } from '../../../main/contract/sensors.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { FileFacts } from '../../ui/FileFacts.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Section } from '../../ui/Section.tsx';
import { Status } from '../../ui/Status.tsx';
import { showFault } from '../../ui/show-fault.ts';
import { inWords, SENSOR_TONES } from '../../ui/status-tones.ts';

/** What processes use is read while somebody looks. */
const USAGE_EVERY_MS = 5000;

/** The pack's sensors as processes: what each is doing, why, and what it printed last. */
export function SensorList({ pack }: { pack: PackDetail }) {
  const { queries } = useEngine();
  const sensors =
    useQuery({ ...queries.sensors(), refetchInterval: USAGE_EVERY_MS }).data?.filter(
      (sensor) => sensor.pack === pack.ref,
    ) ?? [];
  if (sensors.length === 0) return null;
  return (
    <Section title="Sensors">
      <ul className="list" aria-label="Sensors">
        {sensors.map((sensor) => (
          <SensorRow key={sensor.ref} sensor={sensor} />
        ))}
      </ul>
    </Section>
  );
}

function SensorRow({ sensor }: { sensor: SensorStatus }) {
  const [opened, { toggle }] = useDisclosure(sensor.state === 'given-up');
  return (
    <li data-testid={`sensor-${sensor.ref}`}>
      <div className="row">
        <div className="row-main">
          <span className="row-title">{sensor.className}</span>{' '}
          {sensor.pollInterval !== undefined && <span className="quiet">every {sensor.pollInterval} s</span>}
          <div className="row-text">{sensor.why ?? sensor.description}</div>
          {sensor.dropped !== undefined && (
            <div className="row-text">{sensor.dropped} events were dropped while the bus could not take them.</div>
          )}
        </div>
        {sensor.usage && (
          <span className="quiet hide-narrow">
            {sensor.usage.cpuPercent} % CPU, {Math.round(sensor.usage.memoryBytes / 2 ** 20)} MB
          </span>
        )}
        {sensor.lastEventAt && (
          <span className="quiet hide-narrow">
            last event <Moment at={sensor.lastEventAt} />
          </span>
        )}
        <Status tone={SENSOR_TONES[sensor.state]} label={inWords(sensor.state)} />
        <div className="row-side">
          <Button
            variant="subtle"
            color="gray"
            rightSection={<IconChevronDown size={14} />}
            aria-expanded={opened}
            aria-label={`Output of ${sensor.className}`}
            onClick={toggle}
          >
            Output
          </Button>
          <PauseButton sensor={sensor} />
          <RestartButton sensor={sensor} />
        </div>
      </div>
      <Collapse expanded={opened}>
        <div className="row-more">
          {opened && (
            <>
              <dl className="facts">
                <FileFacts of={sensor.ref} kind="sensor" />
              </dl>
              <SensorOutput sensor={sensor} />
            </>
          )}
        </div>
      </Collapse>
    </li>
  );
}

const CANNOT_RUN: ReadonlySet<SensorStatus['state']> = new Set(['disabled', 'not-ready', 'paused']);

function PauseButton({ sensor }: { sensor: SensorStatus }) {
  const { client } = useEngine();
  const paused = sensor.state === 'paused';
  const pause = useMutation({
    mutationFn: () => client.sensors.setPaused({ ref: sensor.ref, paused: !paused }),
    onError: showFault,
  });
  return (
    <Button
      variant="default"
      leftSection={paused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
      aria-label={`${paused ? 'Resume' : 'Pause'} ${sensor.className}`}
      loading={pause.isPending}
      disabled={!paused && CANNOT_RUN.has(sensor.state)}
      onClick={() => pause.mutate()}
    >
      {paused ? 'Resume' : 'Pause'}
    </Button>
  );
}

function RestartButton({ sensor }: { sensor: SensorStatus }) {
  const { client } = useEngine();
  const restart = useMutation({
    mutationFn: () => client.sensors.restart({ ref: sensor.ref }),
    onError: showFault,
  });
  return (
    <Button
      variant="default"
      leftSection={<IconRefresh size={14} />}
      aria-label={`Restart ${sensor.className}`}
      loading={restart.isPending}
      disabled={CANNOT_RUN.has(sensor.state)}
      onClick={() => restart.mutate()}
    >
      Restart
    </Button>
  );
}

function SensorOutput({ sensor }: { sensor: SensorStatus }) {
  const { queries } = useEngine();
  const lines = useQuery(queries.sensorLog(sensor.ref)).data ?? sensor.recentOutput;
  if (lines.length === 0) return <p className="quiet">It has printed nothing.</p>;
  return (
    <div
      className="output mono"
      role="log"
      aria-label={`Output of ${sensor.className}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard.
      tabIndex={0}
    >
      {lines.join('\n')}
    </div>
  );
}
