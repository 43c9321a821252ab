import { z } from 'zod';
import { Problem } from './errors.ts';

/** A workflow's definition as a picture: what may follow what. */
export const WorkflowNode = z.object({
  /** Unique within the graph; the task's name. */
  task: z.string(),
  /** Undefined for a task that does nothing itself. */
  action: z.string().optional(),
  /** It is among the first to run. */
  start: z.boolean(),
  /** It runs once for each item of a list. */
  items: z.boolean(),
  /** Of how many tasks before it it waits: `all`, or a number. */
  join: z.union([z.literal('all'), z.number()]).optional(),
  line: z.number().int().positive().optional(),
});
export type WorkflowNode = z.infer<typeof WorkflowNode>;

export const WorkflowEdge = z.object({
  from: z.string(),
  to: z.string(),
  /** When it is taken: a word of the definition, or its condition as written. Absent: always. */
  when: z.string().optional(),
});
export type WorkflowEdge = z.infer<typeof WorkflowEdge>;

export const WorkflowGraph = z.object({ nodes: z.array(WorkflowNode), edges: z.array(WorkflowEdge) });
export type WorkflowGraph = z.infer<typeof WorkflowGraph>;

/** `graph` is absent where the definition is too broken to be drawn. */
export const WorkflowInspection = z.object({ problems: z.array(Problem), graph: WorkflowGraph.optional() });
export type WorkflowInspection = z.infer<typeof WorkflowInspection>;
