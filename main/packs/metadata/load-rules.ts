import type { Checked, Problem } from '../../contract/errors.ts';
import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import { Criterion, type RuleDefinition } from '../../contract/packs.ts';
import { type PackRef, ResourceRef, resourceRef } from '../../contract/refs.ts';
import { CRITERIA_OPERATORS } from '../../contract/rules.ts';
import type { StampedCache } from '../../kit/stamped-cache.ts';
import type { LoadedRule } from '../pack.ts';
import { loadNotify } from './load-notify.ts';
import { loadEach, type Metadata, type PackSource, readMetadata, refuseDuplicates } from './metadata-file.ts';

const CODE = 'rule/invalid';
const CRITERION = 'rule/criterion-refused';
const KEYS: readonly string[] = [
  ...['name', 'pack', 'description', 'enabled', 'trigger', 'criteria', 'action', 'type', 'tags', 'context'],
  ...['ref', 'uid', 'metadata_file'],
];
/** StackStorm's short names of the operators (st2common/operators.py). */
const SHORT_OPERATORS: readonly string[] = [...['eq', 'neq', 'ieq', 'lt', 'gt', 'td_lt', 'td_gt', 'in', 'nin']];

export type RuleFile = { readonly rule: LoadedRule; readonly line: number };

/** `rules/*.yaml` of a pack, or the user's own. */
export async function loadRules(
  source: PackSource,
  folder: string,
  origin: RuleDefinition['origin'],
  cache: StampedCache<Checked<RuleFile>>,
): Promise<{ readonly values: LoadedRule[]; readonly problems: Problem[] }> {
  const loaded = await loadEach(source, folder, cache, (file, text) => loadRule(source.ref, origin, file, text));
  const { values, problems } = refuseDuplicates(CODE, loaded, ({ rule, line }) => ({ ref: rule.definition.ref, line }));
  return { values: values.map(({ rule }) => rule), problems };
}

/** Strict, as StackStorm is: a rule that is not wholly understood must not run anything. */
export function loadRule(
  pack: PackRef,
  origin: RuleDefinition['origin'],
  file: string,
  text: string,
): Checked<RuleFile> {
  return readMetadata(file, text, CODE, (metadata) => readRule(metadata, pack, origin));
}

function readRule(metadata: Metadata, pack: PackRef, origin: RuleDefinition['origin']): RuleFile | undefined {
  const name = metadata.requiredText(CODE, 'name');
  const trigger = readReference(metadata, 'trigger', 'type', pack);
  const action = readReference(metadata, 'action', 'ref', pack);
  metadata.checkPack(CODE, pack);
  for (const key of Object.keys(metadata.fields)) {
    if (!KEYS.includes(key)) metadata.error(CODE, [key], `unknown key: \`${key}\``);
  }
  const rest = {
    description: metadata.text(CODE, 'description'),
    enabled: metadata.flag(CODE, 'enabled', false),
    type: readType(metadata),
    criteria: readCriteria(metadata),
    tags: metadata.tags(CODE),
  };
  const asked = metadata.fields.action;
  const notify = loadNotify(metadata, isJsonObject(asked) ? asked.notify : null, ['action', 'notify'], CODE);
  if (name === '' || !trigger || !action) return undefined;
  const definition: RuleDefinition = {
    ref: resourceRef(pack, name),
    pack,
    name,
    ...rest,
    trigger: { type: trigger.ref, parameters: trigger.parameters },
    action: { ref: action.ref, parameters: action.parameters, ...(notify && { notify }) },
    origin,
    file: metadata.data.file,
  };
  const lines = { trigger: trigger.line, action: action.line };
  return { rule: { definition, problems: metadata.problems, lines }, line: metadata.data.lineOf(['name']) };
}

type Reference = { readonly ref: ResourceRef; readonly parameters: JsonObject; readonly line: number };

/** `trigger: { type, parameters }` or `action: { ref, parameters }`. */
function readReference(metadata: Metadata, key: string, refKey: string, pack: PackRef): Reference | undefined {
  const value = metadata.object(CODE, key);
  if (!value) {
    if ((metadata.fields[key] ?? null) === null) metadata.error(CODE, [key], `\`${key}\` is missing`);
    return undefined;
  }
  const given = value[refKey] ?? null;
  if (given === null) return metadata.error(CODE, [key, refKey], `\`${key}.${refKey}\` is missing`);
  const ref = ResourceRef.safeParse(given);
  if (!ref.success) {
    const message = `\`${key}.${refKey}\` is written \`pack.name\`, got \`${String(given)}\``;
    return metadata.error(CODE, [key, refKey], message, `for example \`${pack}.${String(given)}\``);
  }
  const parameters = value.parameters ?? {};
  if (!isJsonObject(parameters)) metadata.error(CODE, [key, 'parameters'], `\`${key}.parameters\` must be a map`);
  return {
    ref: ref.data,
    parameters: isJsonObject(parameters) ? parameters : {},
    line: metadata.data.lineOf([key, refKey]),
  };
}

function readType(metadata: Metadata): RuleDefinition['type'] {
  const value = metadata.fields.type ?? 'standard';
  const ref = isJsonObject(value) ? (value.ref ?? 'standard') : value;
  if (ref === 'standard' || ref === 'backstop') return ref;
  metadata.error(CODE, ['type'], `\`type\` must be standard or backstop, got \`${JSON.stringify(ref)}\``);
  return 'standard';
}

function readCriteria(metadata: Metadata): RuleDefinition['criteria'] {
  const criteria = metadata.object(CODE, 'criteria') ?? {};
  return Object.fromEntries(
    Object.entries(criteria).flatMap(([key, value]) => {
      const criterion = readCriterion(metadata, key, value);
      return criterion ? [[key, criterion]] : [];
    }),
  );
}

function readCriterion(metadata: Metadata, key: string, value: unknown): Criterion | undefined {
  const at = ['criteria', key];
  const parsed = Criterion.safeParse(value);
  if (!parsed.success) {
    return metadata.error(CRITERION, at, `the criterion \`${key}\` needs a \`type\` and a \`pattern\``);
  }
  const { type, pattern = null } = parsed.data;
  if (!isOperator(type)) {
    const known = Object.keys(CRITERIA_OPERATORS).join(', ');
    metadata.error(CRITERION, [...at, 'type'], `unknown operator: \`${type}\``, `one of ${known}`);
  }
  if (pattern === null) {
    const hint = /^n?exists$/.test(type) ? 'StackStorm asks for one here too: write `pattern: true`' : undefined;
    metadata.error(CRITERION, at, `the criterion \`${key}\` has no \`pattern\``, hint);
  }
  return parsed.data;
}

function isOperator(type: string): boolean {
  return Object.hasOwn(CRITERIA_OPERATORS, type) || SHORT_OPERATORS.includes(type);
}
