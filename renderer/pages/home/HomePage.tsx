import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useEngine } from '../../client/EngineProvider.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Attention } from './Attention.tsx';
import { FirstRun } from './FirstRun.tsx';
import { Flow } from './Flow.tsx';
import { flowOf } from './flow.ts';
import { Pinned } from './Pinned.tsx';
import { SensorHealth } from './SensorHealth.tsx';

const FLOW_LENGTH = 14;

export function HomePage() {
  const { queries } = useEngine();
  const status = useQuery(queries.status()).data;
  const executions = useInfiniteQuery(queries.executions()).data?.pages.flatMap((page) => page.items);
  const instances = useInfiniteQuery(queries.instances()).data?.pages.flatMap((page) => page.items);
  // The engine's first run ends with the installation, the guided minute does not.
  const [touring, setTouring] = useState(false);
  return (
    <div className="page">
      <PageHeader title="Home" />
      <div className="stack">
        {(status?.firstRun || touring) && <FirstRun onBegin={() => setTouring(true)} />}
        <Figures />
        <Pinned />
        <Attention />
        {executions && instances && <Flow items={flowOf(instances, executions, FLOW_LENGTH)} />}
        <SensorHealth />
      </div>
    </div>
  );
}

function Figures() {
  const { queries } = useEngine();
  const status = useQuery(queries.status()).data;
  const packs = useQuery(queries.packs()).data ?? [];
  const sensors = useQuery(queries.sensors()).data ?? [];
  const rules = useQuery(queries.rules()).data ?? [];
  const running = sensors.filter(({ state }) => state === 'running').length;
  const active = rules.filter(({ state }) => state === 'active').length;
  return (
    <div className="figures">
      <Link to="/packs" className="figure">
        <b>{packs.length}</b> packs
      </Link>
      <Link to="/packs" className="figure">
        <b>
          {running} / {sensors.length}
        </b>{' '}
        sensors running
      </Link>
      <Link to="/rules" className="figure">
        <b>{active}</b> active rules
      </Link>
      <Link to="/history/executions" search={{ status: 'open' }} className="figure">
        <b>{status?.running ?? 0}</b> running{status && status.waiting > 0 && `, ${status.waiting} waiting`}
      </Link>
    </div>
  );
}
