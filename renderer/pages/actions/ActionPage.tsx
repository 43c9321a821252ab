import { Anchor, Button, Group, Stack } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { isCompleted, isWorkflow } from '../../../main/contract/executions.ts';
import type { JsonObject } from '../../../main/contract/json.ts';
import type { ActionDefinition } from '../../../main/contract/packs.ts';
import type { ResourceRef } from '../../../main/contract/refs.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { useExecution, useRun } from '../../client/use-execution.ts';
import { ExecutionView } from '../../ui/ExecutionView.tsx';
import { FaultNote } from '../../ui/FaultNote.tsx';
import { FileFacts } from '../../ui/FileFacts.tsx';
import { Loaded, Waiting } from '../../ui/Loaded.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { draftOf, readDraft } from '../../ui/parameter-draft.ts';
import { SchemaForm } from '../../ui/SchemaForm.tsx';
import { Section } from '../../ui/Section.tsx';
import { ActionPolicies } from '../policies/ActionPolicies.tsx';
import { WorkflowView } from '../workflows/WorkflowView.tsx';
import { PinButton } from './PinButton.tsx';

/** `from`: an earlier execution, whose parameters the form begins with. */
export function ActionPage({ actionRef, from }: { actionRef: ResourceRef; from: string | undefined }) {
  const { queries } = useEngine();
  const action = useQuery(queries.action(actionRef));
  const earlier = useExecution(from);
  return (
    <div className="page">
      <Loaded query={action} heading={<PageHeader title={actionRef} trail={<Link to="/actions">Actions</Link>} />}>
        {(definition) =>
          earlier.isLoading ? (
            <Waiting />
          ) : (
            <Run action={definition} from={earlier.data?.id} given={earlier.data?.parameters ?? {}} />
          )
        }
      </Loaded>
    </div>
  );
}

type RunProps = { readonly action: ActionDefinition; readonly from: string | undefined; readonly given: JsonObject };

function Run({ action, from, given }: RunProps) {
  const run = useRun(action.ref, from);
  const [draft, setDraft] = useState(() => draftOf(action.parameters, given));
  const [tried, setTried] = useState(false);
  const read = readDraft(action.parameters, draft, { expressions: false });
  const isSound = Object.keys(read.faults).length === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isSound) run.start(read.values);
  };
  const hasParameters = Object.keys(action.parameters).length > 0;
  return (
    <>
      <PageHeader
        title={action.name}
        trail={
          <>
            <Link to="/actions">Actions</Link> <span className="quiet">/ {action.pack}</span>
          </>
        }
        description={action.description}
      >
        <PinButton action={action.ref} />
        <Anchor size="xs" renderRoot={(props) => <Link to="/rules/new" search={{ action: action.ref }} {...props} />}>
          Use in a rule
        </Anchor>
        <Anchor
          size="xs"
          renderRoot={(props) => <Link to="/history/executions" search={{ action: action.ref }} {...props} />}
        >
          Its history
        </Anchor>
      </PageHeader>
      <div className="run-columns">
        <form className="card" onSubmit={submit} noValidate aria-label="Parameters">
          <Stack gap="md">
            {hasParameters ? (
              <SchemaForm
                specs={action.parameters}
                draft={draft}
                onChange={setDraft}
                faults={tried ? read.faults : {}}
              />
            ) : (
              <p className="quiet">This action takes no parameters.</p>
            )}
            {run.fault && <FaultNote error={run.fault} />}
            <Group justify="flex-end">
              <Button type="submit" leftSection={<IconPlayerPlay size={14} />} loading={run.busy}>
                {run.execution && isCompleted(run.execution.status) ? 'Run again' : 'Run'}
              </Button>
            </Group>
          </Stack>
        </form>
        <Section title="Run">
          {run.execution ? (
            <Stack gap="sm">
              <ExecutionView execution={run.execution} />
              <Link to="/history/executions/$id" params={{ id: run.execution.id }}>
                Open in history
              </Link>
            </Stack>
          ) : (
            <p className="quiet">What it prints and gives back appears here.</p>
          )}
        </Section>
      </div>
      <ActionPolicies action={action} />
      <Section title="Files">
        <dl className="facts">
          <FileFacts of={action.ref} kind="action" />
        </dl>
      </Section>
      {isWorkflow(action.runner) && (
        <WorkflowView action={action.ref} {...(run.execution && { run: run.execution.id })} />
      )}
    </>
  );
}
