import { IconAccessPoint, IconArrowRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Execution } from '../../../main/contract/executions.ts';
import type { TriggerInstance } from '../../../main/contract/triggers.ts';
import { Empty } from '../../ui/Empty.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Section } from '../../ui/Section.tsx';
import { Status } from '../../ui/Status.tsx';
import { EXECUTION_TONES, inWords } from '../../ui/status-tones.ts';
import type { FlowItem } from './flow.ts';

/** Event → action → result, as it happens. */
export function Flow({ items }: { items: readonly FlowItem[] }) {
  return (
    <Section title="What happened last">
      {items.length === 0 ? (
        <Empty icon={<IconAccessPoint size={28} />} title="Nothing has happened yet">
          Events of your sensors appear here as they come, each with the actions that rules ran for it.
        </Empty>
      ) : (
        <ul className="list" aria-label="What happened last">
          {items.map((item) => (
            <li key={item.id} className="flow">
              {item.instance ? <EventLink instance={item.instance} /> : <span className="quiet">{starter(item)}</span>}
              <span className="flow-arrow" aria-hidden>
                <IconArrowRight size={14} />
              </span>
              <Results item={item} />
              <Moment at={item.at} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function EventLink({ instance }: { instance: TriggerInstance }) {
  return (
    <Link to="/history/events/$id" params={{ id: instance.id }} title={instance.trigger}>
      {instance.trigger}
    </Link>
  );
}

function starter({ executions: [execution] }: FlowItem): string {
  switch (execution?.context.source) {
    case 'window':
      return 'Run from the window';
    case 'cli':
      return 'Run from the terminal';
    case 'rule':
      return `Rule ${execution.context.rule}`;
    default:
      return 'Run by Stormlet';
  }
}

function Results({ item: { executions, instance } }: { item: FlowItem }) {
  if (executions.length === 0) return <span className="quiet">{withoutResult(instance)}</span>;
  return (
    <div className="flow-results">
      {executions.map((execution) => (
        <Result key={execution.id} execution={execution} />
      ))}
    </div>
  );
}

function withoutResult(instance: TriggerInstance | undefined): string {
  if (instance?.status === 'refused') return 'refused';
  return instance?.status === 'pending' ? 'waiting' : 'no rule matched';
}

function Result({ execution }: { execution: Execution }) {
  return (
    <div className="flow-result">
      <Status tone={EXECUTION_TONES[execution.status]} label={inWords(execution.status)} />
      <Link to="/history/executions/$id" params={{ id: execution.id }}>
        {execution.action}
      </Link>
    </div>
  );
}
