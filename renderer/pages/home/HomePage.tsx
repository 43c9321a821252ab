import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { EngineStatus } from '../../../main/contract/engine.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { together } from '../../ui/together.ts';
import { Attention } from './Attention.tsx';
import { FirstRun } from './FirstRun.tsx';
import { Flow } from './Flow.tsx';
import { flowOf } from './flow.ts';
import { Pinned } from './Pinned.tsx';
import { SensorHealth } from './SensorHealth.tsx';

const FLOW_LENGTH = 14;

export function HomePage() {
  const { queries } = useEngine();
  const status = useQuery(queries.status());
  // The engine's first run ends with the installation, the guided minute does not.
  const [touring, setTouring] = useState(false);
  return (
    <div className="page">
      <PageHeader title="Home" />
      <Loaded query={status}>
        {(known) => (
          <div className="stack">
            {(known.firstRun || touring) && <FirstRun onBegin={() => setTouring(true)} />}
            <Figures status={known} />
            <Pinned />
            <Attention />
            <LastFlow />
            <SensorHealth />
          </div>
        )}
      </Loaded>
    </div>
  );
}

function LastFlow() {
  const { queries } = useEngine();
  const both = together(useInfiniteQuery(queries.instances()), useInfiniteQuery(queries.executions()));
  return (
    <Loaded query={both}>{([came, ran]) => <Flow items={flowOf(rowsOf(came), rowsOf(ran), FLOW_LENGTH)} />}</Loaded>
  );
}

function rowsOf<T>({ pages }: { readonly pages: readonly { readonly items: readonly T[] }[] }): T[] {
  return pages.flatMap(({ items }) => items);
}

/** What is not known yet is a dash, never a nought. */
function Figures({ status }: { status: EngineStatus }) {
  const { queries } = useEngine();
  const packs = useQuery(queries.packs()).data;
  const sensors = useQuery(queries.sensors()).data;
  const rules = useQuery(queries.rules()).data;
  const running = sensors?.filter(({ state }) => state === 'running').length;
  const active = rules?.filter(({ state }) => state === 'active').length;
  return (
    <div className="figures">
      <Link to="/packs" className="figure">
        <b>{packs?.length ?? '–'}</b> packs
      </Link>
      <Link to="/packs" className="figure">
        <b>
          {running ?? '–'} / {sensors?.length ?? '–'}
        </b>{' '}
        sensors running
      </Link>
      <Link to="/rules" className="figure">
        <b>{active ?? '–'}</b> active rules
      </Link>
      <Link to="/history/executions" search={{ status: 'open' }} className="figure">
        <b>{status.running}</b> running{status.waiting > 0 && `, ${status.waiting} waiting`}
      </Link>
    </div>
  );
}
