import { aliasParameters } from '../aliases/alias-parameters.ts';
import { candidatesOf, chooseMatch, type Found, matchesOf } from '../aliases/match-aliases.ts';
import { asSt2Alias } from '../api/shapes/alias.ts';
import { asSt2Execution } from '../api/shapes/execution.ts';
import type {
  AliasDefinition,
  AliasMatch,
  AliasMessage,
  AliasResult,
  AliasRun,
  AliasRunRequest,
} from '../contract/aliases.ts';
import { StormletError } from '../contract/errors.ts';
import { type Execution, type ExecutionSource, isCompleted } from '../contract/executions.ts';
import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import type { ActionDefinition } from '../contract/packs.ts';
import { nameOf, type ResourceRef } from '../contract/refs.ts';
import type { ExecutionRequest } from '../executions/new-execution.ts';
import type { Expressions } from '../expressions/renderer.ts';
import type { ExpressionsService } from '../expressions/service-client.ts';
import type { Log } from '../kit/log.ts';
import { USER } from './prepare-execution.ts';

/** Joins aliases, expressions and executions: from what a person said to an execution, and to what is said of that. */
export class AliasDesk {
  readonly #deps: AliasDeskDeps;
  readonly #reported = new Set<string>();

  constructor(deps: AliasDeskDeps) {
    this.#deps = deps;
  }

  list(): readonly AliasDefinition[] {
    return this.#deps.aliases();
  }

  async match(text: string): Promise<AliasMatch[]> {
    const candidates = candidatesOf(this.#deps.aliases());
    if (candidates.length === 0) return [];
    const fits = await this.#deps.service.matchAliases(
      text,
      candidates.map(({ representation: format, multiple }) => ({ format, multiple })),
    );
    const found = fits.map((fit, index): Found => {
      if ('found' in fit) return fit.found;
      this.#report(candidates[index]?.alias, candidates[index]?.representation ?? '', fit.error);
      return [];
    });
    return matchesOf(candidates, found);
  }

  async run(request: AliasRunRequest, source: ExecutionSource): Promise<AliasRun> {
    const match = chooseMatch(await this.match(request.text), request);
    const alias = this.#alias(match.alias);
    const fixed = await renderAll(alias.immutableParameters, (text) =>
      this.#deps.expressions.render(text, contextOf(alias)),
    );
    const specs = this.#deps.action(alias.action)?.parameters ?? {};
    // All of them are looked at before the first one runs.
    const asked = match.parameters.map((given) => aliasParameters(alias, given, fixed as JsonObject, specs));
    const executions: Execution[] = [];
    for (const parameters of asked) {
      executions.push(
        await this.#deps.submit({ action: alias.action, parameters, context: { source, alias: alias.ref } }),
      );
    }
    const [first] = executions;
    return { alias: alias.ref, executions, message: first ? (await this.#say(alias, alias.ack, first)).message : '' };
  }

  async result(id: string): Promise<AliasResult> {
    const execution = this.#deps.execution(id);
    const ref = execution?.context.alias;
    if (!execution || ref === undefined || !isCompleted(execution.status)) throw notAliased(id);
    const alias = this.#alias(ref);
    const told = await this.#say(alias, alias.result, execution);
    const isSilent = !alias.result.enabled || alias.result.format !== undefined;
    return isSilent ? told : { ...told, message: `${execution.action} ${execution.status}` };
  }

  /** A template that fails spoils its own message, never what it speaks of. `{~}` is where a chat begins a new message. */
  async #say(alias: AliasDefinition, { enabled, format, extra = {} }: AliasMessage, execution: Execution) {
    if (!enabled) return { message: '', extra: {} };
    const shown = asSt2Execution(execution, this.#deps.action(execution.action));
    const its = asSt2Alias(alias);
    const context = { execution: shown, actionalias: its, alias: its };
    const render = (text: string) => this.#deps.service.renderLeniently(text, context as unknown as JsonObject);
    try {
      const [message, more] = await Promise.all([format === undefined ? '' : render(format), renderAll(extra, render)]);
      return { message: message.replaceAll('{~}', '\n').trim(), extra: more as JsonObject };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { message: `the message of the alias \`${alias.ref}\` cannot be made: ${why}`, extra: {} };
    }
  }

  #alias(ref: ResourceRef): AliasDefinition {
    const found = this.#deps.aliases().find((alias) => alias.ref === ref);
    if (found) return found;
    throw new StormletError({ code: 'alias/unknown', kind: 'user', message: `there is no alias \`${ref}\`` });
  }

  /** Once: a window matches with every letter that is typed. */
  #report(alias: AliasDefinition | undefined, format: string, error: string): void {
    const key = `${alias?.ref} ${format}`;
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    this.#deps.log.warn('a format of an alias is no regular expression', {
      alias: alias?.ref,
      file: alias?.file,
      format,
      error,
    });
  }
}

export type AliasDeskDeps = {
  aliases(): readonly AliasDefinition[];
  action(ref: ResourceRef): ActionDefinition | undefined;
  execution(id: string): Execution | undefined;
  submit(request: ExecutionRequest): Promise<Execution>;
  readonly expressions: Pick<Expressions, 'render'>;
  readonly service: Pick<ExpressionsService, 'matchAliases' | 'renderLeniently'>;
  readonly log: Log;
};

/** What templates of fixed parameters may read beside the datastore. */
function contextOf(alias: AliasDefinition): JsonObject {
  return { action_alias_ref: { id: alias.ref, name: nameOf(alias.ref) }, user: USER, api_user: USER };
}

/** Every text of a value that may be a template, rendered. */
async function renderAll(value: Json, render: (text: string) => string | Promise<string>): Promise<Json> {
  if (typeof value === 'string') return /\{[{%]/.test(value) ? render(value) : value;
  if (Array.isArray(value)) return Promise.all(value.map((item) => renderAll(item, render)));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(async ([key, item]) => [key, await renderAll(item, render)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

function notAliased(id: string): StormletError {
  return new StormletError({
    code: 'alias/no-result',
    kind: 'user',
    message: `\`${id}\` is no execution that an alias started and that has ended`,
  });
}
