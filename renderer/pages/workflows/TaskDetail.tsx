import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Execution } from '../../../main/contract/executions.ts';
import type { ResourceRef } from '../../../main/contract/refs.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { ExecutionView } from '../../ui/ExecutionView.tsx';
import { FilePlace } from '../../ui/FilePlace.tsx';
import { Section } from '../../ui/Section.tsx';
import { ValueView } from '../../ui/ValueView.tsx';
import type { TaskRun } from './task-runs.ts';

type TaskDetailProps = {
  readonly task: string;
  /** The workflow's. */
  readonly action: ResourceRef;
  /** Of its file. */
  readonly line: number | undefined;
  readonly run: TaskRun | undefined;
};

/** State, input and output of each execution of a task. */
export function TaskDetail({ task, action, line, run }: TaskDetailProps) {
  return (
    <section className="task-detail" aria-label={`Task ${task}`}>
      <h3>{task}</h3>
      <TaskPlace action={action} line={line} />
      {run ? (
        run.executions.map((execution) => <TaskExecution key={execution.id} execution={execution} />)
      ) : (
        <p className="quiet">It has not run.</p>
      )}
    </section>
  );
}

/** Where the workflow's file says what the task does. */
function TaskPlace({ action, line }: { action: ResourceRef; line: number | undefined }) {
  const { queries } = useEngine();
  const files = useQuery(queries.files(action)).data ?? [];
  const code = files.find(({ kind, part }) => kind === 'action' && part === 'code');
  return code ? <FilePlace file={code.file} line={line} /> : null;
}

function TaskExecution({ execution }: { execution: Execution }) {
  const { id, parameters, context } = execution;
  const item = context.task?.item;
  return (
    <div className="card stack">
      {item !== undefined && <p className="quiet">Item {item + 1}</p>}
      <ExecutionView execution={execution} />
      {Object.keys(parameters).length > 0 && (
        <Section title="Input">
          <ValueView value={parameters} label={`Input of ${context.task?.name ?? ''}`} />
        </Section>
      )}
      <Link to="/history/trace/$id" params={{ id }} search={{ of: id }}>
        In the trace
      </Link>
    </div>
  );
}
