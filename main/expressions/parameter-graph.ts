import { isTemplate } from '../contract/check-parameters.ts';
import { StormletError } from '../contract/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import type { ExpressionRenderer } from './renderer.ts';

/** A value by its name. `template`: strings in it with Jinja marks are rendered; else it is taken as it is. */
export type ParameterSource = { readonly value: Json; readonly template: boolean };

type Node = { readonly template: Json; readonly needs: readonly string[] };

/** The datastore needs no value here: the renderer has it. */
const DATASTORE = 'st2kv';

/** Every value, templates rendered in the order in which they need one another. */
export async function resolveParameterGraph(
  sources: ReadonlyMap<string, ParameterSource>,
  renderer: ExpressionRenderer,
): Promise<JsonObject> {
  const values: JsonObject = {};
  const open = new Map<string, Node>();
  for (const [name, { value, template }] of sources) {
    const needs = template && isTemplate(value) ? await neededBy(name, value, renderer) : undefined;
    if (needs) open.set(name, { template: value, needs });
    else values[name] = value;
  }
  refuseUnknownNames(open, sources);
  while (open.size > 0) {
    const ready = [...open].filter(([, node]) => node.needs.every((name) => !open.has(name)));
    if (ready.length === 0) throw cyclic(open);
    const rendered = await Promise.all(ready.map(([name, node]) => renderNode(name, node, values, renderer)));
    for (const [index, [name]] of ready.entries()) {
      values[name] = rendered[index] ?? null;
      open.delete(name);
    }
  }
  return values;
}

/** Undefined for what only looks like a template: `{{.Name}}` belongs to another language and is passed on as it is. */
async function neededBy(
  name: string,
  template: Json,
  renderer: ExpressionRenderer,
): Promise<readonly string[] | undefined> {
  try {
    return await renderer.variables(template);
  } catch (error) {
    if (errorType(error) === 'TemplateSyntaxError') return undefined;
    throw renderingFailed(name, template, error);
  }
}

function refuseUnknownNames(open: ReadonlyMap<string, Node>, sources: ReadonlyMap<string, ParameterSource>): void {
  for (const [parameter, { template, needs }] of open) {
    const unknown = needs.find((name) => name !== DATASTORE && !sources.has(name));
    if (unknown === undefined) continue;
    throw new StormletError({
      code: 'parameter/unknown-name',
      kind: 'user',
      message: `\`${parameter}\` needs \`${unknown}\`, which is neither a parameter nor one of the names a template can read`,
      hint: `it can read ${[...sources.keys(), DATASTORE].map((name) => `\`${name}\``).join(', ')}`,
      details: { parameter, template },
    });
  }
}

async function renderNode(
  name: string,
  { template, needs }: Node,
  values: JsonObject,
  renderer: ExpressionRenderer,
): Promise<Json> {
  const context = Object.fromEntries(
    needs.filter((need) => need !== DATASTORE).map((need) => [need, values[need] ?? null]),
  );
  try {
    if (typeof template === 'string') return await renderer.render(template, context);
    return JSON.parse(await renderer.render(asJsonTemplate(template), context));
  } catch (error) {
    throw renderingFailed(name, template, error);
  }
}

/** A list or map is rendered as its JSON text; an element that is exactly `"{{name}}"` keeps its type. */
function asJsonTemplate(value: Json): string {
  return JSON.stringify(value).replace(/"{{([A-z0-9_-]+)}}"/g, '{{$1 | to_complex}}');
}

function cyclic(open: ReadonlyMap<string, Node>): StormletError {
  const names = [...open.keys()].sort();
  return new StormletError({
    code: 'parameter/cycle',
    kind: 'user',
    message: `these parameters need one another: ${names.map((name) => `\`${name}\``).join(', ')}`,
    hint: 'a parameter cannot read itself, directly or through others',
    details: { parameter: names[0] ?? '' },
  });
}

function renderingFailed(parameter: string, template: Json, error: unknown): StormletError {
  const fault = error instanceof StormletError ? error : undefined;
  const broken = error instanceof SyntaxError;
  const why = broken
    ? `the rendered text is no JSON: ${error.message}`
    : error instanceof Error
      ? error.message
      : String(error);
  const details = { ...(isJsonObject(fault?.details) && fault.details), parameter, template };
  return new StormletError(
    {
      code: fault && fault.code !== 'expression/failed' ? fault.code : 'parameter/render-failed',
      kind: fault?.kind ?? 'user',
      message: `\`${parameter}\` cannot be rendered from \`${shown(template)}\`: ${why}`,
      ...(broken && { hint: 'pass text inside a list or map through `| json_escape`' }),
      ...(fault?.hint !== undefined && { hint: fault.hint }),
      details,
    },
    { cause: error },
  );
}

function errorType(error: unknown): string | undefined {
  if (!(error instanceof StormletError) || error.code !== 'expression/failed') return undefined;
  const type = isJsonObject(error.details) ? error.details.type : undefined;
  return typeof type === 'string' ? type : undefined;
}

function shown(template: Json): string {
  const text = typeof template === 'string' ? template : JSON.stringify(template);
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
