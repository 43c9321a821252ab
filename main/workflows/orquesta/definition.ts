import { isJsonObject, type Json, type JsonObject } from '../../contract/json.ts';
import type { DocumentData, TaskData, TransitionData } from './document-schema.ts';
import { inlineParameters } from './inline-parameters.ts';

/**
 * A workflow as it is conducted: every short form of the document written out. Plain data, so it can be kept with a run and
 * the run goes on with it although the file has changed since.
 */
export type OrquestaDefinition = {
  readonly version: string;
  readonly description?: string;
  readonly input: readonly Declaration[];
  readonly vars: readonly Declaration[];
  readonly output: readonly Declaration[];
  readonly tasks: { readonly [name: string]: OrquestaTask };
};

/** Declarations are evaluated one after the other, each seeing those before it. */
export type Declaration = readonly [name: string, value: Json];

export type OrquestaTask = {
  readonly action?: string | undefined;
  /** A map, or one expression that gives a map. */
  readonly input?: JsonObject | string | undefined;
  readonly with?: { readonly items: string; readonly concurrency?: string | number | undefined } | undefined;
  readonly delay?: string | number | undefined;
  readonly join?: 'all' | number | undefined;
  readonly retry?: OrquestaRetry | undefined;
  readonly next: readonly OrquestaTransition[];
};

export type OrquestaRetry = {
  readonly when?: string | undefined;
  readonly count: string | number;
  readonly delay?: string | number | undefined;
};

export type OrquestaTransition = {
  readonly when?: string | undefined;
  readonly publish: readonly Declaration[];
  readonly do: readonly string[];
};

/** Targets of a transition that are no tasks but tell the engine what to do. */
export const ENGINE_COMMANDS: readonly string[] = ['continue', 'fail', 'noop', 'retry'];

export function isEngineCommand(name: string): boolean {
  return ENGINE_COMMANDS.includes(name);
}

export function definitionOf(document: DocumentData): OrquestaDefinition {
  const { description, input = [], vars = [], output = [], tasks } = document;
  return {
    version: '1.0',
    ...(description !== undefined && { description }),
    input: declarations(input),
    vars: declarations(vars),
    output: declarations(output),
    tasks: Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, taskOf(task ?? {})])),
  };
}

/** A plain name declares an input without a default. */
function declarations(list: readonly (string | JsonObject)[]): Declaration[] {
  return list.flatMap((item): Declaration[] => (isJsonObject(item) ? Object.entries(item) : [[item, null]]));
}

function taskOf(task: TaskData): OrquestaTask {
  const { with: items, next, action, input, ...rest } = task;
  return {
    ...rest,
    ...calling(action, input),
    ...(items !== undefined && { with: typeof items === 'string' ? { items } : items }),
    next: (next ?? []).map(transitionOf),
  };
}

/** `core.local cmd="date"`: parameters that follow the action's name replace `input`. */
function calling(action: string | undefined, input: TaskData['input']): Pick<OrquestaTask, 'action' | 'input'> {
  const inline = inlineParameters(action ?? '');
  if (action === undefined || inline.length === 0 || !action.includes(' ')) {
    return { ...(action !== undefined && { action }), ...(input !== undefined && { input }) };
  }
  return { action: action.slice(0, action.indexOf(' ')), input: Object.fromEntries(inline) };
}

function transitionOf({ when, publish = [], do: targets = 'continue' }: TransitionData): OrquestaTransition {
  const names = typeof targets === 'string' ? targets.split(',').map((name) => name.trim()) : targets;
  return {
    ...(when !== undefined && { when }),
    publish: typeof publish === 'string' ? inlineParameters(publish) : declarations(publish),
    do: [...new Set(names)],
  };
}
