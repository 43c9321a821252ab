import { isTemplate } from '../contract/check-parameters.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { ParameterSpec, ParameterSpecs } from '../contract/parameter-spec.ts';
import { castParameter } from './cast.ts';
import { type ParameterSource, resolveParameterGraph } from './parameter-graph.ts';
import type { ExpressionRenderer } from './renderer.ts';

export type ParametersToRender = {
  readonly given: JsonObject;
  readonly action: ParameterSpecs;
  readonly runner: ParameterSpecs;
  /** What templates may read beside the other parameters and the datastore: `trigger`, `action_context`, `config_context`. */
  readonly context: JsonObject;
};

/**
 * The parameters of a request (st2common/util/param.py, `render_live_params`): those given, rendered and cast, and those
 * whose default is a template. Every parameter may read every other by its name. An immutable one that is given stays as
 * it is, for the check that refuses it. Fails with a `StormletError` that names the parameter.
 */
export async function renderParameters(request: ParametersToRender, renderer: ExpressionRenderer): Promise<JsonObject> {
  const values = await resolveParameterGraph(sourcesOf(request, 'templates'), renderer);
  const rendered: JsonObject = {};
  for (const [name, given] of Object.entries(request.given)) {
    rendered[name] = isImmutable(request, name) ? given : cast(request, name, values);
  }
  for (const [name, spec] of Object.entries({ ...request.runner, ...request.action })) {
    if (Object.hasOwn(rendered, name) || isImmutable(request, name) || !isTemplate(spec.default ?? null)) continue;
    rendered[name] = cast(request, name, values);
  }
  return rendered;
}

/**
 * All parameters that an action runs with (`render_final_params`), the action's own and its runner's. Those given are plain
 * values by now, whatever they look like; defaults and immutable ones are filled in, rendered where they are templates.
 */
export async function finishParameters(
  request: ParametersToRender,
  renderer: ExpressionRenderer,
): Promise<{ readonly action: JsonObject; readonly runner: JsonObject }> {
  const values = await resolveParameterGraph(sourcesOf(request, 'values'), renderer);
  const pick = (specs: ParameterSpecs) =>
    Object.fromEntries(Object.keys(specs).map((name) => [name, cast(request, name, values)]));
  const all = { ...pick(request.action), ...pick(request.runner) };
  const isRunners = ([name]: [string, Json]) => Object.hasOwn(request.runner, name);
  return {
    action: Object.fromEntries(Object.entries(all).filter((entry) => !isRunners(entry))),
    runner: Object.fromEntries(Object.entries(all).filter(isRunners)),
  };
}

/** A default stands in for what is absent or null, and always for what is immutable; the action's goes before its runner's. */
function sourcesOf(request: ParametersToRender, given: 'templates' | 'values'): ReadonlyMap<string, ParameterSource> {
  const sources = new Map<string, ParameterSource>();
  for (const [name, value] of Object.entries(request.context)) sources.set(name, { value, template: false });
  for (const [name, value] of Object.entries(request.given)) {
    sources.set(name, { value, template: given === 'templates' });
  }
  for (const [name, spec] of [...Object.entries(request.action), ...Object.entries(request.runner)]) {
    if ((sources.get(name)?.value ?? null) === null || spec.immutable) {
      sources.set(name, { value: spec.default ?? null, template: true });
    }
  }
  return sources;
}

function cast(request: ParametersToRender, name: string, values: JsonObject): Json {
  return castParameter(name, values[name] ?? null, specOf(request, name));
}

/** What an action may say of its runner's parameter does not include the type. */
function specOf({ action, runner }: ParametersToRender, name: string): ParameterSpec | undefined {
  return (
    (Object.hasOwn(runner, name) ? runner[name] : undefined) ?? (Object.hasOwn(action, name) ? action[name] : undefined)
  );
}

function isImmutable({ action, runner }: ParametersToRender, name: string): boolean {
  return [action, runner].some((specs) => Object.hasOwn(specs, name) && specs[name]?.immutable === true);
}
