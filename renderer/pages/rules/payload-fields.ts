import { isJsonObject, type Json, type JsonObject } from '../../../main/contract/json.ts';

/** A value that a trigger's payload holds, by the path under which criteria and expressions name it. */
export type PayloadField = {
  readonly path: string;
  readonly type: string | undefined;
  /** What it was in a recent event. */
  readonly sample?: string;
};

const DEEPEST = 4;

/** Every named value of a payload schema, parents before their children. */
export function payloadFields(schema: JsonObject | undefined): PayloadField[] {
  return schema ? fieldsBelow(schema, 'trigger', DEEPEST) : [];
}

/** Those of the schema and those that real events had, with what they were in the last one. */
export function knownFields(schema: JsonObject | undefined, payloads: readonly Json[]): PayloadField[] {
  const fields = new Map(payloadFields(schema).map((field) => [field.path, field]));
  for (const payload of payloads) {
    for (const field of fieldsOf(payload, 'trigger', DEEPEST)) {
      const known = fields.get(field.path);
      if (!known) fields.set(field.path, field);
      else if (known.sample === undefined) fields.set(field.path, { ...field, type: known.type ?? field.type });
    }
  }
  return [...fields.values()];
}

function fieldsBelow(schema: JsonObject, parent: string, depth: number): PayloadField[] {
  if (depth === 0 || !isJsonObject(schema.properties)) return [];
  return Object.entries(schema.properties).flatMap(([name, child]) => {
    if (!isJsonObject(child) || !isWord(name)) return [];
    const path = `${parent}.${name}`;
    return [
      { path, type: typeof child.type === 'string' ? child.type : undefined },
      ...fieldsBelow(child, path, depth - 1),
    ];
  });
}

function fieldsOf(value: Json, parent: string, depth: number): PayloadField[] {
  if (depth === 0 || !isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, child]) => {
    if (!isWord(name)) return [];
    const path = `${parent}.${name}`;
    return [{ path, type: typeOf(child), sample: sampleOf(child) }, ...fieldsOf(child, path, depth - 1)];
  });
}

/** A name that is no word needs the quoted form of a path, which a form can't offer safely. */
function isWord(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

function typeOf(value: Json): string | undefined {
  if (value === null) return undefined;
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

const SAMPLE = 40;

function sampleOf(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > SAMPLE ? `${text.slice(0, SAMPLE - 1)}…` : text;
}
