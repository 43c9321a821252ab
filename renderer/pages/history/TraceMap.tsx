import { IconAccessPoint, IconBell, IconBolt, IconRoute } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { CSSProperties, ReactNode } from 'react';
import type { Execution } from '../../../main/contract/executions.ts';
import type { Trace } from '../../../main/contract/traces.ts';
import { useNow } from '../../ui/Moment.tsx';
import { Status } from '../../ui/Status.tsx';
import { EXECUTION_TONES, INSTANCE_TONES, inWords, NOTICE_TONES } from '../../ui/status-tones.ts';
import { duration } from '../../ui/times.ts';
import { barOf, rowsOf, type Span, spanOf, type TraceRow } from './trace-rows.ts';
import { VerdictReason } from './VerdictReason.tsx';

type TraceMapProps = { readonly id: string; readonly trace: Trace; readonly shown: string };

/** What followed from what, with the time that each took. */
export function TraceMap({ id, trace, shown }: TraceMapProps) {
  const now = useNow();
  const span = spanOf(trace, now);
  return (
    <ol className="trace" aria-label="What followed">
      {rowsOf(trace).map((row) => (
        <li
          key={keyOf(row)}
          className="trace-row"
          data-kind={row.kind}
          style={{ '--depth': row.depth } as CSSProperties}
        >
          <Row row={row} id={id} shown={shown} span={span} now={now} />
        </li>
      ))}
      {trace.more && <li className="trace-row quiet">… and more executions, which the history lists.</li>}
    </ol>
  );
}

function keyOf(row: TraceRow): string {
  switch (row.kind) {
    case 'event':
      return `event ${row.event.id}`;
    case 'verdict':
      return `verdict ${row.verdict.rule}`;
    case 'execution':
      return `execution ${row.execution.id}`;
    case 'notice':
      return `notice ${row.notice.id}`;
  }
}

type RowProps = { row: TraceRow; id: string; shown: string; span: Span; now: number };

function Row({ row, id, shown, span, now }: RowProps) {
  switch (row.kind) {
    case 'event': {
      const { event } = row;
      return (
        <Line
          icon={<IconAccessPoint size={15} />}
          status={<Status tone={INSTANCE_TONES[event.status]} label={inWords(event.status)} />}
        >
          <PartLink id={id} of={event.id} shown={shown} name={event.trigger} />
        </Line>
      );
    }
    case 'verdict': {
      const { verdict } = row;
      const tone = verdict.fault ? 'bad' : verdict.matched ? 'good' : 'idle';
      return (
        <>
          <Line
            icon={<IconRoute size={15} />}
            status={<Status tone={tone} label={verdict.matched ? 'matched' : 'not matched'} />}
          >
            <Link to="/rules/$ref" params={{ ref: verdict.rule }}>
              {verdict.rule}
            </Link>
          </Line>
          <VerdictReason verdict={verdict} />
        </>
      );
    }
    case 'execution': {
      const { execution } = row;
      return (
        <>
          <Line
            icon={<IconBolt size={15} />}
            status={<Status tone={EXECUTION_TONES[execution.status]} label={inWords(execution.status)} />}
          >
            <PartLink id={id} of={execution.id} shown={shown} name={execution.action} />
            {execution.context.task && <span className="quiet"> {taskWords(execution.context.task)}</span>}
          </Line>
          <TimeBar execution={execution} span={span} now={now} />
        </>
      );
    }
    case 'notice':
      return (
        <Line icon={<IconBell size={15} />} status={<Status tone={NOTICE_TONES[row.notice.level]} label="notice" />}>
          {row.notice.title} <span className="quiet">{row.notice.body}</span>
        </Line>
      );
  }
}

function taskWords({ name, item }: NonNullable<Execution['context']['task']>): string {
  return item === undefined ? name : `${name}, item ${item + 1}`;
}

function Line({ icon, status, children }: { icon: ReactNode; status: ReactNode; children: ReactNode }) {
  return (
    <div className="trace-line">
      <span className="trace-icon" aria-hidden>
        {icon}
      </span>
      <span className="trace-name">{children}</span>
      {status}
    </div>
  );
}

/** Shows the part beside the map. */
function PartLink({ id, of, shown, name }: { id: string; of: string; shown: string; name: string }) {
  return (
    <Link
      to="/history/trace/$id"
      params={{ id }}
      search={{ of }}
      replace
      className="trace-part"
      aria-current={of === shown ? 'true' : undefined}
    >
      {name}
    </Link>
  );
}

/** Pale while it waited for its turn, solid while it ran. */
function TimeBar({ execution, span, now }: { execution: Execution; span: Span; now: number }) {
  const { from, waited, ran } = barOf(execution, span, now);
  const { createdAt, startedAt, endedAt } = execution;
  const until = endedAt ?? new Date(now).toISOString();
  const took = startedAt ? duration(startedAt, until) : 'not started';
  const waiting = startedAt ? duration(createdAt, startedAt) : duration(createdAt, until);
  return (
    <div className="trace-time" data-tone={EXECUTION_TONES[execution.status]}>
      <div className="trace-bar" role="img" aria-label={`waited ${waiting}, took ${took}`} title={`waited ${waiting}`}>
        <span className="trace-waited" style={{ left: `${from}%`, width: `${waited}%` }} />
        <span className="trace-ran" style={{ left: `${from + waited}%`, width: `${ran}%` }} />
      </div>
      <span className="trace-took">{took}</span>
    </div>
  );
}
