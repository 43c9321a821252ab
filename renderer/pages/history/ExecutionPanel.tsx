import { Button, Group } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Execution, isWorkflow } from '../../../main/contract/executions.ts';
import type { Isolation } from '../../../main/contract/python-settings.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { useExecution } from '../../client/use-execution.ts';
import { ExecutionPolicies } from '../../ui/ExecutionPolicies.tsx';
import { ExecutionView } from '../../ui/ExecutionView.tsx';
import { InquiryForm } from '../../ui/InquiryForm.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Section } from '../../ui/Section.tsx';
import { saveJson } from '../../ui/save-json.ts';
import { ValueView } from '../../ui/ValueView.tsx';
import { WorkflowView } from '../workflows/WorkflowView.tsx';
import { Detail } from './Detail.tsx';
import { RunAgain } from './RunAgain.tsx';
import { TraceLink } from './TraceLink.tsx';

export function ExecutionPanel({ id }: { id: string }) {
  const execution = useExecution(id);
  return (
    <Detail title={execution.data?.action ?? 'Execution'} closesTo="/history/executions">
      <Loaded query={execution}>{(loaded) => <ExecutionDetail execution={loaded} />}</Loaded>
    </Detail>
  );
}

/** Answered where a notice of it leads to. */
function Question({ id }: { id: string }) {
  const { queries } = useEngine();
  const inquiry = useQuery(queries.inquiries()).data?.find((each) => each.id === id);
  if (!inquiry) return null;
  return (
    <Section title="It waits for your answer">
      <InquiryForm inquiry={inquiry} />
    </Section>
  );
}

/** `isTraced`: what it belongs to is shown beside it already. */
export function ExecutionDetail({ execution, isTraced }: { execution: Execution; isTraced?: boolean }) {
  const { action, context, runner, isolation, createdAt, id, parameters } = execution;
  return (
    <>
      <ExecutionView execution={execution} />
      {isWorkflow(runner) && <WorkflowView action={action} run={id} />}
      {execution.status === 'pending' && <Question id={execution.id} />}
      {Object.keys(parameters).length > 0 && (
        <Section title="Parameters">
          <ValueView value={parameters} label="Parameters" />
        </Section>
      )}
      <Section title="Where it came from">
        <dl className="facts">
          <dt>Started by</dt>
          <dd>
            {context.rule ? (
              <Link to="/rules/$ref" params={{ ref: context.rule }}>
                {context.rule}
              </Link>
            ) : (
              context.source
            )}
          </dd>
          {context.triggerInstance && (
            <>
              <dt>Event</dt>
              <dd>
                <Link to="/history/events/$id" params={{ id: context.triggerInstance }}>
                  Show the event
                </Link>
              </dd>
            </>
          )}
          <dt>Runner</dt>
          <dd>{runner}</dd>
          {isolation && (
            <>
              <dt>Process</dt>
              <dd>{PROCESSES[isolation]}</dd>
            </>
          )}
          <ExecutionPolicies execution={execution} />
          <dt>Requested</dt>
          <dd>{new Date(createdAt).toLocaleString()}</dd>
          <dt>Id</dt>
          <dd className="mono">{id}</dd>
        </dl>
      </Section>
      <Group gap="xs">
        {!isTraced && <TraceLink id={id} />}
        <RunAgain execution={execution} />
        <Button
          variant="default"
          leftSection={<IconDownload size={14} />}
          onClick={() => saveJson(`execution-${action}-${id}`, execution)}
        >
          Export JSON
        </Button>
      </Group>
    </>
  );
}

/** How its process came to be. */
const PROCESSES: Readonly<Record<Isolation, string>> = {
  forked: 'forked from a warm interpreter',
  standby: 'an interpreter that stood by',
  cold: 'started for it',
  'app-node': 'started for it, on the Node of Stormlet',
  'machine-node': 'started for it, on the Node of this machine',
};
