import type { Execution, ExecutionContext } from '../contract/executions.ts';
import type { JsonObject } from '../contract/json.ts';
import { secretTexts } from '../contract/secret-values.ts';
import { parameterSpecs } from '../executions/parameter-specs.ts';
import { configFor, type PrepareSources } from './prepare-execution.ts';

/** A workflow hands its secrets to its tasks, which do not know them as such: they are masked all the way down. */
export class InheritedSecrets {
  readonly #sources: PrepareSources;
  readonly #execution: (id: string) => Execution | undefined;
  readonly #given: (id: string) => JsonObject | undefined;

  /** `given`: what a workflow was given, unmasked. */
  constructor(
    sources: PrepareSources,
    execution: (id: string) => Execution | undefined,
    given: (id: string) => JsonObject | undefined,
  ) {
    this.#sources = sources;
    this.#execution = execution;
    this.#given = given;
  }

  /** Of all workflows above, with what their packs' configurations hide. */
  async of({ parent }: ExecutionContext): Promise<string[]> {
    const secrets = new Set<string>();
    for (let above = this.#above(parent); above; above = this.#above(above.context.parent)) {
      for (const secret of await this.#secretsOf(above)) secrets.add(secret);
    }
    return [...secrets];
  }

  #above(id: string | undefined): Execution | undefined {
    return id === undefined ? undefined : this.#execution(id);
  }

  async #secretsOf({ id, action: ref }: Execution): Promise<readonly string[]> {
    const action = this.#sources.action(ref);
    if (!action) return [];
    const { secrets } = await configFor(this.#sources, action);
    const specs = parameterSpecs(action.parameters, this.#sources.runners.get(action.runner)?.parameters ?? {});
    if (!Object.values(specs).some(hidesSomething)) return secrets;
    return [...secretTexts(specs, this.#given(id) ?? {}), ...secrets];
  }
}

/** Most actions have no secret; then what they were given need not be read. */
function hidesSomething(spec: unknown): boolean {
  return JSON.stringify(spec).includes('"secret":true');
}
