import { isJsonObject, type Json, type JsonObject } from '../../contract/json.ts';
import type { ExpressionRenderer } from '../../expressions/renderer.ts';

/** One value of a map that could not be rendered. */
export class ValueFailed extends Error {
  readonly key: string;
  readonly template: string;

  constructor(key: string, template: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.key = key;
    this.template = template;
  }
}

/**
 * Every value of a map, rendered by StackStorm's rules for chains (`render_values` in st2common/util/jinja.py): text gives
 * text, a list or map is rendered as its JSON, and what rendering does not change stays what it was. Throws `ValueFailed`.
 */
export async function renderValues(
  values: JsonObject,
  context: JsonObject,
  renderer: ExpressionRenderer,
): Promise<JsonObject> {
  const rendered = Object.entries(values).map(async ([key, value]) => [
    key,
    await renderValue(key, value, context, renderer),
  ]);
  return Object.fromEntries(await Promise.all(rendered));
}

async function renderValue(key: string, value: Json, context: JsonObject, renderer: ExpressionRenderer): Promise<Json> {
  const isContainer = Array.isArray(value) || isJsonObject(value);
  if (!isContainer && typeof value !== 'string') return value;
  const template = isContainer ? JSON.stringify(value) : value;
  try {
    const text = await renderer.render(template, readBy(template, context));
    if (text === template) return value;
    return isContainer ? (JSON.parse(text) as Json) : text;
  } catch (error) {
    throw new ValueFailed(key, template, error);
  }
}

/** Results can be large and templates name few of them: what the text does not mention it cannot read. */
function readBy(template: string, context: JsonObject): JsonObject {
  const all = template.includes('__context') ? { __context: context, ...context } : context;
  return Object.fromEntries(Object.entries(all).filter(([name]) => template.includes(name)));
}
