import '@xyflow/react/dist/base.css';
import { useComputedColorScheme } from '@mantine/core';
import {
  Background,
  Controls,
  type Edge,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from '@xyflow/react';
import { useMemo } from 'react';
import type { WorkflowGraph, WorkflowNode } from '../../../main/contract/workflows.ts';
import { EXECUTION_TONES, inWords, type Tone } from '../../ui/status-tones.ts';
import type { TaskRun } from './task-runs.ts';
import { layoutTasks } from './workflow-layout.ts';

export type TaskGraphProps = {
  readonly graph: WorkflowGraph;
  readonly runs: ReadonlyMap<string, TaskRun>;
  readonly chosen: string | undefined;
  readonly onChoose: (task: string) => void;
};

type TaskNode = Node<{ readonly node: WorkflowNode; readonly run: TaskRun | undefined }, 'task'>;

const COLUMN_PX = 300;
const ROW_PX = 96;
const NODE_TYPES = { task: TaskBox };

/** The picture of a workflow, with what became of each task laid over it. The list beside it says the same in words. */
export function TaskGraph({ graph, runs, chosen, onChoose }: TaskGraphProps) {
  const scheme = useComputedColorScheme('light');
  const places = useMemo(() => layoutTasks(graph), [graph]);
  const nodes = places.flatMap(({ task, column, row }): TaskNode[] => {
    const node = graph.nodes.find((each) => each.task === task);
    if (!node) return [];
    const position = { x: column * COLUMN_PX, y: row * ROW_PX };
    const words = runs.get(task);
    const ariaLabel = words ? `${task}, ${inWords(words.status)}` : task;
    return [
      {
        id: task,
        type: 'task',
        position,
        data: { node, run: words },
        selected: task === chosen,
        ariaLabel,
        draggable: false,
      },
    ];
  });
  return (
    <div className="task-graph">
      <ReactFlow
        aria-label="Picture of the workflow"
        colorMode={scheme}
        nodes={nodes}
        edges={edgesOf(graph, runs)}
        nodeTypes={NODE_TYPES}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: 0.15 }}
        minZoom={0.2}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        deleteKeyCode={null}
        zoomOnScroll={false}
        preventScrolling={false}
        proOptions={{ hideAttribution: true }}
        onNodeClick={(_, { id }) => onChoose(id)}
        onSelectionChange={({ nodes: [first] }) => first && onChoose(first.id)}
      >
        <Background gap={22} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

function edgesOf({ edges }: WorkflowGraph, runs: ReadonlyMap<string, TaskRun>): Edge[] {
  return edges.map(({ from, to, when }) => ({
    id: `${from} ${when ?? ''} ${to}`,
    source: from,
    target: to,
    ...(when && { label: short(when) }),
    className: runs.has(from) && runs.has(to) ? 'task-edge-taken' : 'task-edge',
    markerEnd: { type: MarkerType.ArrowClosed },
  }));
}

/** `<% succeeded() %>` is `succeeded`: the picture has no room for more. */
function short(text: string): string {
  const bare = text.replace(/^(?:<%|\{\{)\s*(.*?)\s*(?:%>|\}\})$/, '$1').replace(/^(\w+)\(\)$/, '$1');
  return bare.length > 18 ? `${bare.slice(0, 17)}…` : bare;
}

function TaskBox({ data: { node, run }, selected }: NodeProps<TaskNode>) {
  const tone: Tone = run ? EXECUTION_TONES[run.status] : 'idle';
  return (
    <div className="task-box" data-tone={tone} data-ran={run !== undefined} data-chosen={selected}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <span className="task-name">{node.task}</span>
      <span className="task-action">{node.action ?? 'nothing'}</span>
      {(node.items || node.join !== undefined) && (
        <span className="task-note">
          {node.items && `for each item${run ? ` (${run.executions.length})` : ''}`}
          {node.join !== undefined && ` waits for ${node.join === 'all' ? 'all' : node.join}`}
        </span>
      )}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
}
