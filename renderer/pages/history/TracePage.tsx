import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Trace } from '../../../main/contract/traces.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { useExecution } from '../../client/use-execution.ts';
import { Loaded } from '../../ui/Loaded.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { saveJson } from '../../ui/save-json.ts';
import { dateWithTime } from '../../ui/times.ts';
import { EventDetail } from './EventPanel.tsx';
import { ExecutionDetail } from './ExecutionPanel.tsx';
import { ReplayButton } from './ReplayButton.tsx';
import { TraceMap } from './TraceMap.tsx';

/** All that followed from an event or execution. `of` is the part that is shown beside the map of it. */
export function TracePage({ id, of }: { id: string; of: string | undefined }) {
  const { queries } = useEngine();
  const trace = useQuery(queries.trace(id));
  return (
    <div className="page" data-wide="true">
      <Loaded query={trace} heading={<PageHeader title="What followed" trail={<Link to="/history">History</Link>} />}>
        {(loaded) => <Traced id={id} trace={loaded} shown={of ?? id} />}
      </Loaded>
    </div>
  );
}

function Traced({ id, trace, shown }: { id: string; trace: Trace; shown: string }) {
  const { event, executions } = trace;
  const first = event?.trigger ?? executions[0]?.action ?? id;
  return (
    <>
      <PageHeader
        title={first}
        trail={<Link to={event ? '/history/events' : '/history/executions'}>History</Link>}
        description={`What followed, ${dateWithTime(event?.receivedAt ?? executions[0]?.createdAt ?? '')}`}
      >
        {event && <ReplayButton event={event} />}
        <Button
          variant="default"
          leftSection={<IconDownload size={14} />}
          onClick={() => saveJson(`trace-${first}-${id}`, trace)}
        >
          Export JSON
        </Button>
      </PageHeader>
      <div className="trace-columns">
        <TraceMap id={id} trace={trace} shown={shown} />
        <Part key={shown} trace={trace} shown={shown} />
      </div>
    </>
  );
}

function Part({ trace: { event }, shown }: { trace: Trace; shown: string }) {
  const isEvent = event?.id === shown;
  const execution = useExecution(isEvent ? undefined : shown);
  return (
    <section className="trace-detail" aria-label="The part in detail">
      <div className="stack">
        {isEvent ? (
          <EventDetail instance={event} isTraced />
        ) : (
          <Loaded query={execution}>{(loaded) => <ExecutionDetail execution={loaded} isTraced />}</Loaded>
        )}
      </div>
    </section>
  );
}
