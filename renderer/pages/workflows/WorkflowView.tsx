import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ResourceRef } from '../../../main/contract/refs.ts';
import type { WorkflowGraph } from '../../../main/contract/workflows.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { ProblemList } from '../../ui/ProblemList.tsx';
import { Section } from '../../ui/Section.tsx';
import { Status } from '../../ui/Status.tsx';
import { EXECUTION_TONES, inWords } from '../../ui/status-tones.ts';
import { LazyTaskGraph } from './LazyTaskGraph.tsx';
import { TaskDetail } from './TaskDetail.tsx';
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
          {graph && <Tasks action={action} graph={graph} runs={taskRuns(children)} />}
        </>
      )}
    </Loaded>
  );
}

type TasksProps = {
  readonly action: ResourceRef;
  readonly graph: WorkflowGraph;
  readonly runs: ReadonlyMap<string, TaskRun>;
};

function Tasks({ action, graph, runs }: TasksProps) {
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
      {chosen !== undefined && (
        <TaskDetail
          task={chosen}
          action={action}
          line={graph.nodes.find(({ task }) => task === chosen)?.line}
          run={chosenRun}
        />
      )}
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
