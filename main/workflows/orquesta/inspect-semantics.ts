import { isEngineCommand, type OrquestaDefinition } from './definition.ts';
import { Paths } from './graph.ts';
import type { Finding } from './problem.ts';

/** Faults of a workflow whose shape is right: names, targets and joins that cannot work. */
export function inspectSemantics(definition: OrquestaDefinition): Finding[] {
  const paths = new Paths(definition);
  return [
    ...reservedNames(definition),
    ...noStart(paths),
    ...undefinedTargets(definition, paths),
    ...unreachableJoins(definition, paths),
    ...itemsWithoutAction(definition),
  ];
}

function finding(message: string, ...path: (string | number)[]): Finding {
  return { type: 'semantic', message, path };
}

function reservedNames({ tasks }: OrquestaDefinition): Finding[] {
  const reserved = Object.keys(tasks).filter(isEngineCommand);
  return reserved.map((name) => finding(`The task name "${name}" is reserved with special function.`, 'tasks', name));
}

function noStart(paths: Paths): Finding[] {
  if (paths.starts.length > 0) return [];
  const message =
    'No task can start the workflow, since some task leads to each of them. A loop needs a task that leads into it.';
  return [finding(message, 'tasks')];
}

/** Only in what can be reached: orquesta does not look at the rest. */
function undefinedTargets({ tasks }: OrquestaDefinition, paths: Paths): Finding[] {
  const found: Finding[] = [];
  const seen = new Set<string>(paths.starts);
  for (const name of seen) {
    for (const [index, { do: targets }] of (tasks[name]?.next ?? []).entries()) {
      for (const target of targets) {
        if (!paths.isKnown(target)) {
          found.push(finding(`The task "${target}" is not defined.`, 'tasks', name, 'next', index, 'do'));
        } else if (!isEngineCommand(target)) seen.add(target);
      }
    }
  }
  return found;
}

/** Branches that were split at different places cannot be joined, since it is not clear how many joins there are. */
function unreachableJoins({ tasks }: OrquestaDefinition, paths: Paths): Finding[] {
  const splits = splitsBefore(paths);
  return Object.keys(tasks).flatMap((name) => {
    const own = splits.get(name);
    if (paths.join(name) === undefined || !own) return [];
    const reached = paths.entering(name).filter(({ from }) => splits.has(from));
    const isClear = reached.every(({ from }) => isSame(own, splits.get(from) ?? new Set()));
    const message =
      `The join task "${name}" is unreachable: tasks that are reached in several ways and have no join lead to it, ` +
      'and it is ambiguous at which level the join should occur.';
    return isClear ? [] : [finding(message, 'tasks', name)];
  });
}

/** For every task that can be reached, the split tasks on the ways to it. */
function splitsBefore(paths: Paths): Map<string, Set<string>> {
  const splits = new Map<string, Set<string>>();
  const passed = new Map<string, Set<string>>();
  const open = paths.starts.map((name) => ({ name, before: new Set<string>() }));
  for (let next = open.shift(); next; next = open.shift()) {
    const { name, before } = next;
    if (isEngineCommand(name) || !paths.isKnown(name)) continue;
    if (paths.isSplit(name) && !paths.inCycle(name)) before.add(name);
    splits.set(name, new Set([...(splits.get(name) ?? []), ...before]));
    for (const { to } of paths.leaving(name)) {
      if (splits.has(to) && paths.inCycle(to)) continue;
      const way = `${name} ${to}`;
      const known = passed.get(way);
      if (known && [...before].every((split) => known.has(split))) continue;
      passed.set(way, new Set([...(known ?? []), ...before]));
      open.push({ name: to, before: new Set(before) });
    }
  }
  return splits;
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one));
}

function itemsWithoutAction({ tasks }: OrquestaDefinition): Finding[] {
  const without = Object.entries(tasks).filter(([, task]) => task.with && task.action === undefined);
  return without.map(([name]) => finding('The action property is required for with items task.', 'tasks', name));
}
