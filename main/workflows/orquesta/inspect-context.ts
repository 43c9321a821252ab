import type { Json } from '../../contract/json.ts';
import { type Declaration, isEngineCommand, type OrquestaDefinition, type OrquestaTask } from './definition.ts';
import { Paths } from './graph.ts';
import { textsOf } from './inspect-expressions.ts';
import type { Finding } from './problem.ts';

type Path = readonly (string | number)[];
type Names = ReadonlySet<string>;

/**
 * Variables that are read before anything has set them: input, then variables, then along every path of tasks, then output.
 * What one branch publishes counts for the output whichever branch is taken.
 */
export function inspectContext(definition: OrquestaDefinition, given: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  const known = new Set(given);
  declare(definition.input, ['input'], known, findings);
  declare(definition.vars, ['vars'], known, findings);
  walkTasks(definition, known, findings);
  declare(definition.output, ['output'], known, findings);
  const seen = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  return [...seen.values()];
}

function declare(declarations: readonly Declaration[], path: Path, known: Set<string>, findings: Finding[]): void {
  for (const [index, [name, value]] of declarations.entries()) {
    readIn({ [name]: value }, [...path, index], known, findings);
    known.add(name);
  }
}

/**
 * Goes along all ways breadth first, and looks at a task as often as ways with different variables lead to it before it was
 * reached: so does orquesta, and what it lets run must run. A join sees what all of its branches bring.
 */
function walkTasks(definition: OrquestaDefinition, known: Set<string>, findings: Finding[]): void {
  const atJoin = new Map<string, Set<string>>();
  for (let before = -1, size = 0; before !== size; ) {
    before = size;
    walkOnce(definition, new Set(known), atJoin, []);
    size = [...atJoin.values()].reduce((sum, names) => sum + names.size, 0);
  }
  walkOnce(definition, known, atJoin, findings);
}

function walkOnce(
  definition: OrquestaDefinition,
  known: Set<string>,
  atJoin: Map<string, Set<string>>,
  findings: Finding[],
): void {
  const visited = new Set<string>();
  const coming = new Map<string, Names>();
  const open = new Paths(definition).starts.map((name) => ({ name, here: new Set(known) as Names }));
  for (let visit = open.shift(); visit; visit = open.shift()) {
    const { name } = visit;
    const task = definition.tasks[name];
    if (!task) continue;
    visited.add(name);
    const here = atJoin.get(name) ?? visit.here;
    readTask(name, task, here, findings);
    for (const [index, { when, publish, do: targets }] of task.next.entries()) {
      const path = ['tasks', name, 'next', index];
      readIn(when ?? null, [...path, 'when'], here, findings);
      const after = new Set(here);
      declare(publish, [...path, 'publish'], after, findings);
      for (const one of after) known.add(one);
      for (const target of targets) {
        const next = Object.hasOwn(definition.tasks, target) ? definition.tasks[target] : undefined;
        if (next?.join !== undefined) atJoin.set(target, new Set([...(atJoin.get(target) ?? []), ...after]));
        if (!next || isEngineCommand(target) || visited.has(target) || isSame(coming.get(target), after)) continue;
        coming.set(target, after);
        open.push({ name: target, here: after });
      }
    }
  }
}

function isSame(a: Names | undefined, b: Names): boolean {
  return a !== undefined && a.size === b.size && [...a].every((name) => b.has(name));
}

function readTask(name: string, task: OrquestaTask, known: Names, findings: Finding[]): void {
  const at = ['tasks', name];
  readIn(task.delay ?? null, [...at, 'delay'], known, findings);
  readIn(task.with?.items ?? null, [...at, 'with', 'items'], known, findings);
  readIn(task.with?.concurrency ?? null, [...at, 'with', 'concurrency'], known, findings);
  readIn(task.action ?? null, [...at, 'action'], known, findings);
  readIn(task.input ?? null, [...at, 'input'], known, findings);
}

function readIn(value: Json, path: Path, known: Names, findings: Finding[]): void {
  for (const text of textsOf(value)) {
    for (const { language, name } of variablesIn(text)) {
      const say = (message: string) => findings.push({ type: 'context', language, expression: text, message, path });
      if (name.startsWith('__')) {
        say(`Variable "${name}" begins with two underscores: it is the engine's own and cannot be referenced.`);
      }
      if (!known.has(name)) say(`Variable "${name}" is referenced before assignment.`);
    }
  }
}

const LANGUAGES = [
  { language: 'jinja', expression: /\{\{.*?\}\}/g },
  { language: 'yaql', expression: /<%.*?%>/g },
];
const VARIABLE =
  /\bctx\(\)\.([a-zA-Z0-9_-]+)\b(?![(\w-])|\bctx\(([a-zA-Z0-9_-]+)\)|\bctx\('([a-zA-Z0-9_-]+)'\)|\bctx\("([a-zA-Z0-9_-]+)"\)/g;

/** What is inside a string of the expression is looked at as well, as orquesta does. */
function variablesIn(text: string): { readonly language: string; readonly name: string }[] {
  return LANGUAGES.flatMap(({ language, expression }) =>
    (text.match(expression) ?? []).flatMap((one) =>
      [...one.matchAll(VARIABLE)].map((match) => ({ language, name: match.slice(1).find(Boolean) ?? '' })),
    ),
  );
}
