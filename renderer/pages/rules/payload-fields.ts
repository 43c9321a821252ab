import { isJsonObject, type JsonObject } from '../../../main/contract/json.ts';

/** A value that a trigger's payload holds, by the path under which criteria and expressions name it. */
export type PayloadField = { readonly path: string; readonly type: string | undefined };

const DEEPEST = 4;

/** Every named value of a payload schema, parents before their children. */
export function payloadFields(schema: JsonObject | undefined): PayloadField[] {
  return schema ? fieldsBelow(schema, 'trigger', DEEPEST) : [];
}

function fieldsBelow(schema: JsonObject, parent: string, depth: number): PayloadField[] {
  if (depth === 0 || !isJsonObject(schema.properties)) return [];
  return Object.entries(schema.properties).flatMap(([name, child]) => {
    // A name that is no word needs the quoted form of a path, which a form can't offer safely.
    if (!isJsonObject(child) || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return [];
    const path = `${parent}.${name}`;
    return [
      { path, type: typeof child.type === 'string' ? child.type : undefined },
      ...fieldsBelow(child, path, depth - 1),
    ];
  });
}
