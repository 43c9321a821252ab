import type { Checked, Problem } from '../../contract/errors.ts';
import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import { nearestName } from '../../kit/nearest-name.ts';
import { type DataFile, parseDataFile } from '../../kit/yaml-file.ts';
import type { WorkflowSource } from '../conductor.ts';

/** An action chain's definition (st2common/models/system/actionchain.py). */
export type Chain = {
  readonly file: string;
  /** The task it begins with; a chain without tasks has none. */
  readonly start: string | undefined;
  readonly vars: JsonObject;
  readonly tasks: readonly ChainTask[];
};

export type ChainTask = {
  readonly name: string;
  readonly ref: string;
  readonly parameters: JsonObject;
  readonly publish: JsonObject;
  readonly onSuccess: string | undefined;
  readonly onFailure: string | undefined;
  readonly notify: JsonObject | undefined;
  readonly line: number;
};

const CODE = 'workflow/definition-invalid';
const CHAIN_KEYS = ['chain', 'default', 'vars'];
const TASK_KEYS = [
  ...['name', 'ref', 'params', 'parameters', 'on-success', 'on-failure', 'publish', 'notify', 'description'],
];

/** Checks all that StackStorm checks before it runs one. What only rendering can tell is found when it runs. */
export function readChain({ file, text }: WorkflowSource): Checked<Chain> {
  const { value: data, problems } = parseDataFile(file, text);
  return data ? new ChainReader(data).read() : { problems };
}

export function taskOf(chain: Chain, name: string | undefined): ChainTask | undefined {
  return chain.tasks.find((task) => task.name === name);
}

class ChainReader {
  readonly #data: DataFile;
  readonly #problems: Problem[] = [];

  constructor(data: DataFile) {
    this.#data = data;
  }

  read(): Checked<Chain> {
    const chain = this.#chain();
    const failed = this.#problems.some(({ severity }) => severity === 'error');
    return { ...(chain && !failed && { value: chain }), problems: this.#problems };
  }

  #chain(): Chain | undefined {
    const { file, value } = this.#data;
    if (!isJsonObject(value)) return this.#error([], 'an action chain must be a map with the key `chain`');
    this.#warnOfUnknown([], value, CHAIN_KEYS);
    if (!Array.isArray(value.chain)) return this.#error(['chain'], '`chain` must be a list of tasks');
    const tasks = value.chain.flatMap((task, index) => this.#task(task, index) ?? []);
    const chosen = this.#name([], value, 'default');
    this.#checkNames(tasks, chosen);
    return { file, start: chosen ?? firstOf(tasks), vars: this.#map([], value, 'vars'), tasks };
  }

  #task(task: unknown, index: number): ChainTask | undefined {
    const at = ['chain', index];
    if (!isJsonObject(task)) return this.#error(at, 'a task must be a map with the keys `name` and `ref`');
    this.#warnOfUnknown(at, task, TASK_KEYS);
    const [name, ref] = [this.#name(at, task, 'name'), this.#name(at, task, 'ref')];
    if (name === undefined) return this.#error(at, 'a task needs a `name`');
    if (ref === undefined) return this.#error(at, `the task \`${name}\` needs a \`ref\`, the action that it runs`);
    return {
      name,
      ref,
      // `params` is its older name.
      parameters: { ...this.#map(at, task, 'params'), ...this.#map(at, task, 'parameters') },
      publish: this.#map(at, task, 'publish'),
      onSuccess: this.#name(at, task, 'on-success'),
      onFailure: this.#name(at, task, 'on-failure'),
      notify: isJsonObject(task.notify) ? task.notify : undefined,
      line: this.#data.lineOf(at),
    };
  }

  #checkNames(tasks: readonly ChainTask[], chosen: string | undefined): void {
    const names = new Set(tasks.map(({ name }) => name));
    const check = (at: readonly PropertyKey[], name: string | undefined, where: string) => {
      if (name === undefined || names.has(name)) return;
      const near = nearestName(name, names);
      this.#error(at, `${where} names \`${name}\`, and no task is called that`, near && `did you mean \`${near}\`?`);
    };
    for (const [index, task] of (this.#data.value as { chain: unknown[] }).chain.entries()) {
      if (!isJsonObject(task)) continue;
      for (const key of ['on-success', 'on-failure']) {
        const name = task[key];
        if (typeof name === 'string' && name !== '') {
          check(['chain', index, key], name, `\`${key}\` of \`${task.name}\``);
        }
      }
    }
    check(['default'], chosen, '`default`');
    for (const [index, { name, line }] of tasks.entries()) {
      if (tasks.findIndex((other) => other.name === name) === index) continue;
      this.#say('warning', line, `a second task is called \`${name}\`; only the first one ever runs`);
    }
  }

  /** A text; undefined where it is absent, null or empty. */
  #name(at: readonly PropertyKey[], map: JsonObject, key: string): string | undefined {
    const value = map[key] ?? '';
    if (typeof value === 'string') return value === '' ? undefined : value;
    return this.#error([...at, key], `\`${key}\` must be text; put it in quotes`);
  }

  #map(at: readonly PropertyKey[], map: JsonObject, key: string): JsonObject {
    const value = map[key] ?? {};
    if (isJsonObject(value)) return value;
    this.#error([...at, key], `\`${key}\` must be a map`);
    return {};
  }

  #warnOfUnknown(at: readonly PropertyKey[], map: JsonObject, known: readonly string[]): void {
    for (const key of Object.keys(map)) {
      if (known.includes(key)) continue;
      const near = nearestName(key, known);
      this.#say(
        'warning',
        this.#data.lineOf([...at, key]),
        `unknown key: \`${key}\``,
        near && `did you mean \`${near}\`?`,
      );
    }
  }

  #error(at: readonly PropertyKey[], message: string, hint?: string | false): undefined {
    this.#say('error', this.#data.lineOf(at), message, hint);
  }

  #say(severity: Problem['severity'], line: number, message: string, hint?: string | false): void {
    this.#problems.push({ severity, code: CODE, message, file: this.#data.file, line, ...(hint && { hint }) });
  }
}

/** The first task that no other leads to; where all are led to, the first. */
function firstOf(tasks: readonly ChainTask[]): string | undefined {
  const led = new Set(tasks.flatMap(({ onSuccess, onFailure }) => [onSuccess, onFailure]));
  return (tasks.find(({ name }) => !led.has(name)) ?? tasks[0])?.name;
}
