import { IconAccessPoint, IconArrowRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Execution } from '../../../main/contract/executions.ts';
import type { TriggerInstance } from '../../../main/contract/triggers.ts';
import { Empty } from '../../ui/Empty.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Section } from '../../ui/Section.tsx';
import { Status } from '../../ui/Status.tsx';
import { EXECUTION_TONES, inWords } from '../../ui/status-tones.ts';
import { type FlowItem, sourceWords } from './flow.ts';

/** Sensor → trigger → rule → action → result, as it happens. */
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
            <li key={item.id} className="flow" data-busy={isBusy(item)}>
              <span className="flow-source quiet">{sourceWords(item)}</span>
              <Arrow />
              {item.instance ? (
                <EventLink instance={item.instance} />
              ) : (
                <span className="quiet">{item.executions[0]?.context.rule ? 'an earlier event' : 'by hand'}</span>
              )}
              <Arrow />
              <Results item={item} />
              <Moment at={item.at} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function isBusy({ instance, executions }: FlowItem): boolean {
  return instance?.status === 'pending' || executions.some(({ status }) => EXECUTION_TONES[status] === 'busy');
}

function Arrow() {
  return (
    <span className="flow-arrow" aria-hidden>
      <IconArrowRight size={14} />
    </span>
  );
}

function EventLink({ instance }: { instance: TriggerInstance }) {
  return (
    <Link to="/history/trace/$id" params={{ id: instance.id }} title={JSON.stringify(instance.payload).slice(0, 300)}>
      {instance.trigger}
    </Link>
  );
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

function Result({ execution: { id, action, status, context } }: { execution: Execution }) {
  return (
    <div className="flow-result">
      {context.rule && (
        <>
          <Link to="/rules/$ref" params={{ ref: context.rule }} className="flow-rule">
            {context.rule}
          </Link>
          <Arrow />
        </>
      )}
      <Link to="/history/executions/$id" params={{ id }}>
        {action}
      </Link>
      <Status tone={EXECUTION_TONES[status]} label={inWords(status)} />
    </div>
  );
}
