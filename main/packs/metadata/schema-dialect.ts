import { isJsonObject, type Json, type JsonObject } from '../../contract/json.ts';
import type { NodePath } from '../../kit/yaml-file.ts';
import type { Metadata } from './metadata-file.ts';

/**
 * A config.schema.yaml in plain words: references followed, keywords written as they are spelt. Real schemas hold typos
 * (`patternproperties`) and keywords that nobody knows; each is a warning and nothing more.
 */
export function plainSchema(metadata: Metadata, code: string): JsonObject {
  const reading: Reading = {
    metadata,
    code,
    root: { properties: metadata.fields, ...metadata.fields },
    left: MAX_SPECS,
  };
  return mapValues(metadata.fields, (raw, name) => plainSpec(reading, raw, [name], []));
}

/** References can multiply without end; no real schema comes near this. */
const MAX_SPECS = 5000;

type Reading = { readonly metadata: Metadata; readonly code: string; readonly root: JsonObject; left: number };

/** `following`: the references that led here, so that one which leads back to itself ends. */
function plainSpec(reading: Reading, raw: Json, at: NodePath, following: readonly string[]): Json {
  if (!isJsonObject(raw)) return raw;
  reading.left -= 1;
  if (reading.left === 0) warn(reading, at, 'the schema is too large with its references; the rest of it is ignored');
  if (reading.left <= 0) return {};
  const { spec, place, followed } = follow(reading, raw, at, following);
  const plain: JsonObject = {};
  for (const [written, value] of Object.entries(spec)) {
    const keyword = keywordOf(reading, written, place);
    if (keyword !== undefined) plain[keyword] = plainKeyword(reading, keyword, value, [...place, written], followed);
  }
  return plain;
}

/** What stands beside a reference goes before what it leads to; faults are told where that stands. */
function follow(reading: Reading, raw: JsonObject, at: NodePath, following: readonly string[]) {
  const { $ref: reference, ...own } = raw;
  if (typeof reference !== 'string') return { spec: raw, place: at, followed: following };
  const steps = reference
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const target = following.includes(reference) ? undefined : lookUp(reading.root, reference, steps);
  if (!isJsonObject(target)) {
    const why = following.includes(reference) ? 'leads back to itself' : 'leads to nothing in this file';
    warn(reading, [...at, '$ref'], `\`$ref: ${reference}\` ${why} and is ignored`);
    return { spec: own, place: at, followed: following };
  }
  const place = steps[0] === 'properties' ? steps.slice(1) : steps;
  return { spec: { ...target, ...own }, place, followed: [...following, reference] };
}

/** A JSON pointer into the file, which StackStorm takes as the `properties` of an object. */
function lookUp(root: JsonObject, reference: string, steps: readonly string[]): Json | undefined {
  if (!reference.startsWith('#/')) return undefined;
  return steps.reduce<Json | undefined>(
    (value, step) => (isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined),
    root,
  );
}

function keywordOf(reading: Reading, written: string, at: NodePath): string | undefined {
  if (KNOWN.has(written)) return written;
  const meant = [...KNOWN].find((keyword) => keyword.toLowerCase() === written.toLowerCase().replaceAll(/[_-]/g, ''));
  if (meant === undefined) warn(reading, [...at, written], `unknown keyword \`${written}\`, which is ignored`);
  else warn(reading, [...at, written], `\`${written}\` is read as \`${meant}\``);
  return meant;
}

function plainKeyword(
  reading: Reading,
  keyword: string,
  value: Json,
  at: NodePath,
  following: readonly string[],
): Json {
  switch (keyword) {
    case 'properties':
    case 'patternProperties':
      return isJsonObject(value)
        ? mapValues(value, (child, name) => plainSpec(reading, child, [...at, name], following))
        : value;
    case 'items':
      return Array.isArray(value)
        ? value.map((item, index) => plainSpec(reading, item, [...at, index], following))
        : plainSpec(reading, value, at, following);
    case 'additionalProperties':
      return plainSpec(reading, value, at, following);
    case 'secret':
    case 'required':
      // In quotes it is no boolean, and a secret must not become readable for that.
      return typeof value === 'string' && /^(true|yes|false|no)$/i.test(value) ? /^(true|yes)$/i.test(value) : value;
    default:
      return value;
  }
}

/** What we read, and what JSON Schema has beside it: that is no mistake, only not looked at. */
const KNOWN = new Set(
  (
    'type description default required immutable secret position enum items properties patternProperties ' +
    'additionalProperties minimum maximum minLength maxLength minItems maxItems pattern ' +
    'title format examples example uniqueItems additionalItems exclusiveMinimum exclusiveMaximum multipleOf ' +
    'minProperties maxProperties dependencies oneOf anyOf allOf not id $schema $comment definitions'
  ).split(' '),
);

function warn(reading: Reading, at: NodePath, message: string): void {
  reading.metadata.warn(reading.code, at, message);
}

function mapValues(object: JsonObject, change: (value: Json, key: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}
