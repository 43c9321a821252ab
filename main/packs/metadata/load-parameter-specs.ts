import { checkValue, isTemplate } from '../../contract/check-parameters.ts';
import { isJsonObject, type Json, type JsonObject } from '../../contract/json.ts';
import { ParameterSpec, type ParameterSpecs } from '../../contract/parameter-spec.ts';
import type { NodePath } from '../../kit/yaml-file.ts';
import type { Metadata } from './metadata-file.ts';

/**
 * Parameter specs as far as they can be understood. Never refuses one: an ill-typed attribute is reported and left out, the
 * rest of the parameter counts.
 */
export function loadParameterSpecs(metadata: Metadata, fields: JsonObject, at: NodePath, code: string): ParameterSpecs {
  return Object.fromEntries(
    Object.entries(fields).map(([name, raw]) => {
      const spec = loadSpec(metadata, raw, [...at, name], code);
      warnOfDefault(metadata, spec, [...at, name], code);
      return [name, spec];
    }),
  );
}

function loadSpec(metadata: Metadata, raw: unknown, at: NodePath, code: string): ParameterSpec {
  const name = String(at.at(-1));
  if (raw !== null && !isJsonObject(raw)) {
    metadata.warn(code, at, `parameter \`${name}\` must be a map`);
    return {};
  }
  const rest = structuredClone(raw ?? {});
  for (;;) {
    const parsed = ParameterSpec.safeParse(rest);
    if (parsed.success) return parsed.data;
    const path = parsed.error.issues[0]?.path ?? [];
    const given = JSON.stringify(valueAt(rest, path));
    metadata.warn(
      code,
      [...at, ...path],
      `parameter \`${name}\`: \`${path.map(String).join('.')}\` cannot be \`${given}\``,
    );
    // Every round leaves one attribute less, so this ends.
    if (!removeAt(rest, path)) return {};
  }
}

/** Removes what is at the path, or the nearest attribute above it. */
function removeAt(target: JsonObject, path: NodePath): boolean {
  const parent = valueAt(target, path.slice(0, -1));
  const last = path.at(-1);
  if (isJsonObject(parent) && last !== undefined && Object.hasOwn(parent, String(last))) {
    delete parent[String(last)];
    return true;
  }
  return path.length > 0 && removeAt(target, path.slice(0, -1));
}

function valueAt(target: JsonObject, path: NodePath): Json | undefined {
  let value: Json | undefined = target;
  for (const part of path) {
    value = Array.isArray(value) ? value[Number(part)] : isJsonObject(value) ? value[String(part)] : undefined;
  }
  return value;
}

/** Real packs ship defaults of the wrong type; the action still runs where the value is given. */
function warnOfDefault(metadata: Metadata, spec: ParameterSpec, at: NodePath, code: string): void {
  const { default: value } = spec;
  if (value === undefined || value === null || isTemplate(value)) return;
  const [problem] = checkValue(value, spec, 'default');
  if (problem) metadata.warn(code, [...at, 'default'], `parameter \`${String(at.at(-1))}\`: ${problem.message}`);
}
