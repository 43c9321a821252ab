import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { SensorStatus } from '../../../main/contract/sensors.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Section } from '../../ui/Section.tsx';
import { Status } from '../../ui/Status.tsx';
import { inWords, SENSOR_TONES } from '../../ui/status-tones.ts';

/** How each sensor is, and when it last saw something. */
export function SensorHealth() {
  const { queries } = useEngine();
  const sensors = useQuery(queries.sensors()).data ?? [];
  if (sensors.length === 0) return null;
  return (
    <Section title="Sensors">
      <ul className="list" aria-label="Sensors">
        {sensors.map((sensor) => (
          <Sensor key={sensor.ref} sensor={sensor} />
        ))}
      </ul>
    </Section>
  );
}

function Sensor({ sensor: { ref, pack, state, why, usage, lastEventAt } }: { sensor: SensorStatus }) {
  return (
    <li className="health">
      <Link to="/packs/$ref" params={{ ref: pack }} className="health-name">
        {ref}
      </Link>
      <span title={why}>
        <Status tone={SENSOR_TONES[state]} label={inWords(state)} />
      </span>
      <span className="quiet health-usage">
        {usage && `${usage.cpuPercent} %, ${Math.round(usage.memoryBytes / 2 ** 20)} MB`}
      </span>
      <span className="health-last">
        {lastEventAt ? <Moment at={lastEventAt} /> : <span className="quiet">no event yet</span>}
      </span>
      <Link to="/logs" search={{ sensor: ref }} className="quiet" aria-label={`Log of ${ref}`}>
        Log
      </Link>
    </li>
  );
}
