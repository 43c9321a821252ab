import { type FaultKind, StormletError } from '../contract/errors.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { LineProcess, StartLineProcess } from '../supervisor/line-process.ts';
import type { DatastoreReader } from './datastore-reader.ts';
import { KeptValues, type LargeValue, LargeValues } from './large-values.ts';
import type { ExpressionRenderer } from './renderer.ts';
import { type Ask, type Fit, parseServiceMessage, type ServiceError } from './service-protocol.ts';
import type { Done, Scope, Step, SyntaxFault, WorkflowEvaluator } from './workflow-evaluator.ts';
import { namedPart, wholeScope } from './workflow-expressions.ts';

export type ExpressionsServiceDeps = {
  readonly startProcess: StartLineProcess;
  /** The base environment's interpreter; made on first use, which may take a while. */
  readonly python: () => Promise<string>;
  /** Absolute path of `expressions_service.py`. */
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  readonly datastore: DatastoreReader;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Partial<ExpressionLimits>;
};

export type ExpressionLimits = {
  /** What one template may take, its datastore reads included. */
  readonly timeMs: number;
  readonly startMs: number;
  readonly waiting: number;
  readonly memoryMb: number;
};
const LIMITS: ExpressionLimits = { timeMs: 2000, startMs: 30_000, waiting: 1000, memoryMb: 512 };

type Request = {
  readonly id: number;
  readonly line: string;
  readonly template: string;
  /** What a workflow's expressions may ask for while they are evaluated. */
  readonly scope: Scope | undefined;
  /** Values that its line only refers to. */
  readonly large: readonly LargeValue[];
  readonly settle: PromiseWithResolvers<Json>;
  crashes: number;
};
type Running = { readonly process: LineProcess; readonly kept: KeptValues; ready: boolean; stderr: string };

/**
 * The one Python process that renders and evaluates what the fast paths cannot. It answers in order, so the first request that waits is
 * the one being worked on: it alone fails when the process has to be killed or dies twice, and all others go to the next
 * process. Started with the first request.
 */
export class ExpressionsService implements ExpressionRenderer, WorkflowEvaluator, AsyncDisposable {
  readonly #deps: ExpressionsServiceDeps;
  readonly #limits: ExpressionLimits;
  readonly #dying = new Set<Promise<void>>();
  readonly #largeValues = new LargeValues();
  #waiting: Request[] = [];
  #running: Running | undefined;
  #starting: Promise<void> | undefined;
  #callOff: (() => void) | undefined;
  #lastId = 0;
  #ended = false;

  constructor(deps: ExpressionsServiceDeps) {
    this.#deps = deps;
    this.#limits = { ...LIMITS, ...deps.limits };
  }

  async render(template: string, context: JsonObject): Promise<string> {
    return (await this.#request({ op: 'render', template, context }, template)) as string;
  }

  async variables(template: Json): Promise<readonly string[]> {
    const text = typeof template === 'string' ? template : JSON.stringify(template);
    return (await this.#request({ op: 'variables', template }, text)) as string[];
  }

  async evaluate(steps: readonly Step[], scope: Scope): Promise<readonly Done[]> {
    const { vars: named, ...part } = namedPart(steps, scope);
    const { vars, large } = this.#largeValues.split(named);
    const kept = Object.fromEntries([...large].map(([name, { id }]) => [name, id]));
    const body = { op: 'evaluate', steps: steps as unknown as Json, scope: { ...part, vars, kept } };
    return (await this.#request(body, JSON.stringify(steps), scope, [...large.values()])) as unknown as Done[];
  }

  async faults(texts: readonly string[]): Promise<readonly (readonly SyntaxFault[])[]> {
    return (await this.#request({ op: 'faults', texts: [...texts] }, texts.join('\n'))) as unknown as SyntaxFault[][];
  }

  /** As templates of aliases are: what is not there prints as nothing. */
  async renderLeniently(template: string, context: JsonObject): Promise<string> {
    return (await this.#request({ op: 'render_leniently', template, context }, template)) as string;
  }

  /** What each format of an alias makes of a sentence. Here, because formats are Python's regular expressions. */
  async matchAliases(
    sentence: string,
    formats: readonly { readonly format: string; readonly multiple: boolean }[],
  ): Promise<readonly Fit[]> {
    const context = { formats: formats.map((each) => ({ ...each })) };
    return (await this.#request({ op: 'match_aliases', template: sentence, context }, sentence)) as Fit[];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    this.#stopProcess();
    this.#failAll(fault('stopped', 'engine', 'the expressions service was stopped'));
    await Promise.all(this.#dying);
  }

  #request(body: JsonObject, template: string, scope?: Scope, large: readonly LargeValue[] = []): Promise<Json> {
    if (this.#ended) throw fault('stopped', 'engine', 'the expressions service was stopped');
    if (this.#waiting.length >= this.#limits.waiting) {
      throw fault('busy', 'environment', `${this.#limits.waiting} expressions are waiting already`);
    }
    this.#lastId += 1;
    const id = this.#lastId;
    const request: Request = {
      id,
      line: encode({ id, ...body }),
      template,
      scope,
      large,
      settle: Promise.withResolvers<Json>(),
      crashes: 0,
    };
    this.#waiting.push(request);
    if (this.#running?.ready) send(this.#running, request);
    if (this.#waiting.length === 1) this.#watchFirst();
    this.#starting ??= this.#running ? undefined : this.#start();
    return request.settle.promise;
  }

  async #start(): Promise<void> {
    try {
      const python = await this.#deps.python();
      if (!this.#ended) this.#spawn(python);
    } catch (error) {
      this.#failAll(unavailable(error));
    } finally {
      this.#starting = undefined;
    }
  }

  #spawn(python: string): void {
    const { script, env, startProcess, clock } = this.#deps;
    const limits = [`--time-limit=${this.#limits.timeMs / 1000}`, `--memory-limit=${this.#limits.memoryMb}`];
    const running: Running = {
      kept: new KeptValues(),
      ready: false,
      stderr: '',
      process: startProcess({
        command: python,
        // Isolated from the person's Python settings; no byte code is written beside the app's files.
        args: ['-E', '-s', '-B', script, ...limits],
        env,
        onLine: (line) => running === this.#running && this.#onLine(running, line),
        onStderr: (text) => {
          running.stderr = (running.stderr + text).slice(-2000);
        },
        onExit: (why) => running === this.#running && this.#onExit(running, why),
      }),
    };
    this.#running = running;
    this.#callOff = clock.after(this.#limits.startMs, () => {
      this.#stopProcess();
      this.#failAll(unavailable(`it was not ready within ${this.#limits.startMs / 1000} s`));
    });
  }

  #onLine(running: Running, line: string): void {
    const message = parseServiceMessage(line);
    if (message.kind === 'noise') this.#deps.log.warn('the expressions service printed', { line: line.slice(0, 200) });
    else if (message.kind === 'ask') running.process.send(JSON.stringify(this.#reply(message.ask)));
    else if (message.kind === 'ready') {
      running.ready = true;
      for (const request of this.#waiting) send(running, request);
      this.#watchFirst();
    } else if (message.id === this.#waiting[0]?.id) {
      const request = this.#waiting.shift();
      this.#watchFirst();
      if (message.kind === 'answer') request?.settle.resolve(message.value as Json);
      else request?.settle.reject(failure(message.error, request.template));
    }
  }

  #reply(ask: Ask): Json {
    const scope = this.#waiting[0]?.scope;
    try {
      if (ask.ask === 'scope') return { answer: scope ? wholeScope(scope) : null };
      if (ask.ask === 'task') return { answer: (scope?.taskNamed(ask.task, ask.route) ?? null) as Json };
      const { datastore } = this.#deps;
      if (ask.ask === 'decrypt') return { answer: datastore.decrypt(ask.encrypted) };
      return { answer: datastore.read(ask.scope, ask.key) ?? null };
    } catch (error) {
      return { refused: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Gives the first request its time, from now on. */
  #watchFirst(): void {
    if (!this.#running?.ready) return;
    this.#callOff?.();
    this.#callOff = undefined;
    const [first] = this.#waiting;
    if (!first) return;
    // After a pause of the whole app the answer may lie there unread: it is taken first.
    const check = () => setImmediate(() => this.#waiting[0] === first && this.#running?.ready && this.#overrun());
    this.#callOff = this.#deps.clock.after(this.#limits.timeMs, check);
  }

  #overrun(): void {
    const request = this.#waiting.shift();
    this.#stopProcess();
    const seconds = this.#limits.timeMs / 1000;
    if (request) request.settle.reject(fault('timeout', 'user', `it took longer than ${seconds} s`, request.template));
    this.#deps.log.warn('a template overran its time; the expressions service is started again', { seconds });
    this.#startAgain();
  }

  #onExit(running: Running, why: string): void {
    this.#running = undefined;
    this.#callOff?.();
    this.#deps.log.warn('the expressions service ended', { why, stderr: running.stderr });
    if (!running.ready) {
      this.#failAll(unavailable([why, running.stderr.trim()].filter(Boolean).join(': ')));
      return;
    }
    const [first] = this.#waiting;
    if (first) first.crashes += 1;
    if (first && first.crashes > 1) {
      this.#waiting.shift();
      first.settle.reject(fault('crashed', 'user', `it crashes the interpreter: ${why}`, first.template));
    }
    this.#startAgain();
  }

  #startAgain(): void {
    if (this.#waiting.length > 0 && !this.#ended) this.#starting ??= this.#start();
  }

  #stopProcess(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    const killed = this.#running?.process.kill();
    this.#running = undefined;
    if (!killed) return;
    this.#dying.add(killed);
    void killed.finally(() => this.#dying.delete(killed));
  }

  #failAll(error: StormletError): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const request of waiting) request.settle.reject(error);
  }
}

function send({ process, kept }: Running, { line, large }: Request): void {
  for (const before of kept.linesFor(large)) process.send(before);
  process.send(line);
}

function encode(request: Json): string {
  try {
    return JSON.stringify(request);
  } catch (cause) {
    throw fault('too-deep', 'user', `its context is nested too deep: ${cause}`);
  }
}

function failure(error: ServiceError, template: string): StormletError {
  return new StormletError({
    code: 'expression/failed',
    kind: 'user',
    message: `${error.type}: ${error.message}`,
    details: { type: error.type, template, ...(error.line !== null && { line: error.line }) },
  });
}

function fault(what: string, kind: FaultKind, message: string, template?: string): StormletError {
  return new StormletError({
    code: `expression/${what}`,
    kind,
    message,
    ...(template !== undefined && { details: { template } }),
  });
}

function unavailable(cause: unknown): StormletError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new StormletError(
    {
      code: 'expression/unavailable',
      kind: 'environment',
      message: `the expressions service cannot be started: ${why}`,
      hint: 'run `stormlet doctor` to check the base environment',
    },
    { cause },
  );
}
