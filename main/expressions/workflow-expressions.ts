import type { Json, JsonObject } from '../contract/json.ts';
import { Gate } from '../kit/gate.ts';
import type { Done, Scope, Step, SyntaxFault, WorkflowEvaluator } from './workflow-evaluator.ts';
import { hasExpression, PlainEvaluator } from './workflow-plain.ts';

const MAX_AT_ONCE = 200;

/** The evaluator as the engine has it: what is plain is answered here, and the rest of a call by the service at once. */
export class WorkflowExpressions implements WorkflowEvaluator {
  readonly #service: WorkflowEvaluator;
  /** The service refuses what comes when too much waits. A workflow must not fail because many others run. */
  readonly #gate = new Gate(MAX_AT_ONCE);
  readonly #plain = new PlainEvaluator();

  constructor(service: WorkflowEvaluator) {
    this.#service = service;
  }

  async evaluate(steps: readonly Step[], scope: Scope): Promise<readonly Done[]> {
    const plain = steps.map((step) => this.#plain.step(step, scope));
    const rest = steps.filter((_, index) => plain[index] === undefined);
    if (rest.length === 0) return plain as Done[];
    const done = [...(await this.#gate.run(() => this.#service.evaluate(rest, scope)))];
    return plain.map((one) => one ?? (done.shift() as Done));
  }

  async faults(texts: readonly string[]): Promise<readonly (readonly SyntaxFault[])[]> {
    const rest = texts.filter((text) => !this.#plain.isPlain(text));
    const found = rest.length === 0 ? [] : await this.#gate.run(() => this.#service.faults(rest));
    const byText = new Map(rest.map((text, index) => [text, found[index] ?? []]));
    return texts.map((text) => byText.get(text) ?? []);
  }
}

/** The part of a scope that the steps name. Where that cannot be told, it is all of it. */
export function namedPart(steps: readonly Step[], scope: Scope): JsonObject & { readonly vars: JsonObject } {
  const texts = steps.flatMap((step) =>
    textsOf([step.when ?? null, (step.assign ?? []) as unknown as Json, step.value ?? null]),
  );
  const names = variablesNamed(texts);
  const needsResult = texts.some((text) => text.includes('result'));
  const { variables, task = null } = scope;
  const vars = names ? Object.fromEntries(Object.entries(variables).filter(([name]) => names.has(name))) : variables;
  return { vars, task, result: needsResult ? scope.result : null, partial: names !== undefined || !needsResult };
}

export function wholeScope(scope: Scope): JsonObject {
  return { vars: scope.variables, task: scope.task ?? null, result: scope.result, partial: false };
}

function textsOf(value: Json): string[] {
  if (typeof value === 'string') return hasExpression(value) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, one]) => [...textsOf(key), ...textsOf(one)]);
}

const NAMED = /\bctx\((?:([A-Za-z_]\w*)|'([^'"\\]+)'|"([^'"\\]+)")\)|\bctx\(\)\.([A-Za-z_]\w*)(?![\w(])/g;

function variablesNamed(texts: readonly string[]): Set<string> | undefined {
  const names = new Set<string>();
  for (const text of texts) {
    const matches = [...text.matchAll(NAMED)];
    if (matches.length !== (text.match(/\bctx\b/g)?.length ?? 0)) return undefined;
    for (const [, word, single, double, path] of matches) names.add(word ?? single ?? double ?? path ?? '');
  }
  return names;
}
