import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Execution } from '../../../main/contract/executions.ts';
import type { ResourceRef } from '../../../main/contract/refs.ts';
import type { WorkflowGraph } from '../../../main/contract/workflows.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { ExecutionView } from '../../ui/ExecutionView.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { ProblemList } from '../../ui/ProblemList.tsx';
import { Section } from '../../ui/Section.tsx';
import { Status } from '../../ui/Status.tsx';
import { EXECUTION_TONES, inWords } from '../../ui/status-tones.ts';
import { ValueView } from '../../ui/ValueView.tsx';
import { LazyTaskGraph } from './LazyTaskGraph.tsx';
import { type TaskRun, taskRuns } from './task-runs.ts';

type WorkflowViewProps = {
  readonly action: ResourceRef;
  /** Of one run of it; absent: the definition alone. */
  readonly run?: string;
};

/** A workflow as a picture and as a list, with what each of its tasks did in one run. */
export function WorkflowView({ action, run }: WorkflowViewProps) {
  const { queries } = useEngine();
  const inspection = useQuery(queries.workflow(action));
  const children = useQuery({ ...queries.children(run ?? ''), enabled: run !== undefined }).data ?? [];
  return (
    <Loaded query={inspection}>
      {({ problems, graph }) => (
        <>
          {problems.length > 0 && <ProblemList problems={problems} />}
          {graph && <Tasks graph={graph} runs={taskRuns(children)} />}
        </>
      )}
    </Loaded>
  );
}

function Tasks({ graph, runs }: { graph: WorkflowGraph; runs: ReadonlyMap<string, TaskRun> }) {
  const [shape, setShape] = useState<'picture' | 'list'>('picture');
  const [chosen, setChosen] = useState<string>();
  const side = (
    <SegmentedControl<'picture' | 'list'>
      size="xs"
      aria-label="Shape"
      value={shape}
      data={[
        { value: 'picture', label: 'Picture' },
        { value: 'list', label: 'List' },
      ]}
      onChange={setShape}
    />
  );
  const chosenRun = chosen === undefined ? undefined : runs.get(chosen);
  return (
    <Section title="Workflow" side={side}>
      {shape === 'picture' ? (
        <LazyTaskGraph graph={graph} runs={runs} chosen={chosen} onChoose={setChosen} />
      ) : (
        <TaskList graph={graph} runs={runs} chosen={chosen} onChoose={setChosen} />
      )}
      {chosen !== undefined && <TaskDetail task={chosen} run={chosenRun} />}
    </Section>
  );
}

type TaskListProps = {
  readonly graph: WorkflowGraph;
  readonly runs: ReadonlyMap<string, TaskRun>;
  readonly chosen: string | undefined;
  readonly onChoose: (task: string) => void;
};

function TaskList({ graph: { nodes, edges }, runs, chosen, onChoose }: TaskListProps) {
  return (
    <ul className="list" aria-label="Tasks">
      {nodes.map(({ task, action, start }) => {
        const run = runs.get(task);
        const next = edges.filter(({ from }) => from === task);
        return (
          <li key={task} className="row">
            <div className="row-main">
              <button
                type="button"
                className="task-button"
                aria-pressed={task === chosen}
                onClick={() => onChoose(task)}
              >
                {task}
              </button>{' '}
              <span className="quiet">{action}</span>
              <div className="quiet">
                {start && 'begins. '}
                {next.length > 0 && `Then ${next.map(({ to, when }) => (when ? `${to} (${when})` : to)).join(', ')}`}
              </div>
            </div>
            {run && <Status tone={EXECUTION_TONES[run.status]} label={inWords(run.status)} />}
          </li>
        );
      })}
    </ul>
  );
}

/** State, input and output of each execution of a task. */
function TaskDetail({ task, run }: { task: string; run: TaskRun | undefined }) {
  return (
    <section className="task-detail" aria-label={`Task ${task}`}>
      <h3>{task}</h3>
      {run ? (
        run.executions.map((execution) => <TaskExecution key={execution.id} execution={execution} />)
      ) : (
        <p className="quiet">It has not run.</p>
      )}
    </section>
  );
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
