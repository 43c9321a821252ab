import { Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RuleVerdict, TriggerInstanceDetail } from '../../../main/contract/triggers.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { ProblemList } from '../../ui/ProblemList.tsx';
import { Section } from '../../ui/Section.tsx';
import { Status } from '../../ui/Status.tsx';
import { INSTANCE_TONES, inWords } from '../../ui/status-tones.ts';
import { ValueView } from '../../ui/ValueView.tsx';
import { Detail } from './Detail.tsx';
import { ReplayButton } from './ReplayButton.tsx';
import { TraceLink } from './TraceLink.tsx';
import { VerdictReason } from './VerdictReason.tsx';

export function EventPanel({ id }: { id: string }) {
  const { queries } = useEngine();
  const instance = useQuery(queries.instance(id));
  return (
    <Detail title={instance.data?.trigger ?? 'Event'} closesTo="/history/events">
      <Loaded query={instance}>{(loaded) => <EventDetail instance={loaded} />}</Loaded>
    </Detail>
  );
}

/** `isTraced`: what followed is shown beside it already. */
export function EventDetail({ instance, isTraced }: { instance: TriggerInstanceDetail; isTraced?: boolean }) {
  const { id, status, problem, payload, source, occurredAt, receivedAt, traceTag } = instance;
  return (
    <>
      <Group gap="md" justify="space-between" mih={30}>
        <Status tone={INSTANCE_TONES[status]} label={inWords(status)} />
        {!isTraced && (
          <Group gap="xs">
            <ReplayButton event={instance} />
            <TraceLink id={id} />
          </Group>
        )}
      </Group>
      {problem && <ProblemList problems={[problem]} />}
      {!isTraced && status !== 'refused' && <Verdicts instance={instance} />}
      <Section title="Payload">
        <ValueView value={payload} label="Payload" />
      </Section>
      <Section title="Where it came from">
        <dl className="facts">
          <dt>Sent by</dt>
          <dd>{source}</dd>
          <dt>Seen</dt>
          <dd>{new Date(occurredAt).toLocaleString()}</dd>
          <dt>Recorded</dt>
          <dd>{new Date(receivedAt).toLocaleString()}</dd>
          {traceTag && (
            <>
              <dt>Trace tag</dt>
              <dd>{traceTag}</dd>
            </>
          )}
          <dt>Id</dt>
          <dd className="mono">{id}</dd>
        </dl>
      </Section>
    </>
  );
}

function Verdicts({ instance: { status, verdicts } }: { instance: TriggerInstanceDetail }) {
  const matched = [...verdicts].sort((a, b) => Number(b.matched) - Number(a.matched));
  return (
    <Section title="What the rules made of it">
      {verdicts.length === 0 && (
        <p className="quiet">
          {status === 'pending' ? 'The rules have not been asked yet.' : 'No rule waits for this trigger.'}
        </p>
      )}
      <ul className="verdicts">
        {matched.map((verdict) => (
          <li key={verdict.rule} className="verdict">
            <Verdict verdict={verdict} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Verdict({ verdict }: { verdict: RuleVerdict }) {
  const { rule, matched, fault, execution } = verdict;
  return (
    <>
      <Group justify="space-between" gap="sm">
        <Link to="/rules/$ref" params={{ ref: rule }}>
          {rule}
        </Link>
        <Status tone={fault ? 'bad' : matched ? 'good' : 'idle'} label={matched ? 'matched' : 'not matched'} />
      </Group>
      <VerdictReason verdict={verdict} />
      {execution && (
        <Link to="/history/executions/$id" params={{ id: execution }}>
          Show its execution
        </Link>
      )}
    </>
  );
}
