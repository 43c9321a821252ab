import { type Document, isMap, parseDocument } from 'yaml';
import { isJsonObject, type Json, type JsonObject } from '../../../main/contract/json.ts';
import { Criterion } from '../../../main/contract/packs.ts';

/** What a rule's form can say of it. Everything else in its file is left alone. */
export type RuleValues = {
  readonly name: string;
  readonly description: string;
  readonly trigger: string;
  readonly triggerParameters: JsonObject;
  readonly criteria: Readonly<Record<string, Criterion>>;
  readonly action: string;
  readonly parameters: JsonObject;
  readonly labels: readonly string[];
};

/** As the engine reads YAML. */
const OPTIONS = { version: '1.2', merge: true, uniqueKeys: false, prettyErrors: true } as const;

/** Undefined when the text is no YAML, or no map: then a form cannot show it. */
export function readRuleText(text: string): RuleValues | undefined {
  const document = parseDocument(text, OPTIONS);
  if (document.errors.length > 0) return undefined;
  const value: unknown = document.toJS();
  if (value !== null && !isJsonObject(value)) return undefined;
  const fields = value ?? {};
  const trigger = objectIn(fields, 'trigger');
  const action = objectIn(fields, 'action');
  return {
    name: textIn(fields, 'name'),
    description: textIn(fields, 'description'),
    trigger: textIn(trigger, 'type'),
    triggerParameters: objectIn(trigger, 'parameters'),
    criteria: criteriaIn(objectIn(fields, 'criteria')),
    action: textIn(action, 'ref'),
    parameters: objectIn(action, 'parameters'),
    labels: labelsIn(fields.tags),
  };
}

/**
 * The text with what differs between two states of the form, and nothing else, changed in it: comments stay, and so does
 * whatever a form cannot show.
 */
export function changeRuleText(text: string, before: RuleValues, after: RuleValues): string {
  const document = parseDocument(text, OPTIONS);
  if (document.errors.length > 0) return text;
  const set = (path: readonly string[], old: Json, value: Json) => {
    if (JSON.stringify(old) !== JSON.stringify(value)) put(document, path, value);
  };
  set(['name'], before.name, after.name);
  set(['description'], before.description, after.description);
  set(['trigger', 'type'], before.trigger, after.trigger);
  changeMap(document, ['trigger', 'parameters'], before.triggerParameters, after.triggerParameters);
  changeMap(document, ['criteria'], before.criteria as JsonObject, after.criteria as JsonObject);
  set(['action', 'ref'], before.action, after.action);
  changeMap(document, ['action', 'parameters'], before.parameters, after.parameters);
  set(['tags'], [...before.labels], [...after.labels]);
  return document.toString({ lineWidth: 0 });
}

/** Where a new rule begins: in the order that people write rules. */
export const NEW_RULE_TEXT = 'name: ""\ndescription: ""\nenabled: true\ntrigger:\n  type: ""\naction:\n  ref: ""\n';

function changeMap(document: Document, path: readonly string[], before: JsonObject, after: JsonObject): void {
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) document.deleteIn([...path, key]);
  for (const [key, value] of Object.entries(after)) {
    if (JSON.stringify(before[key]) !== JSON.stringify(value)) put(document, [...path, key], value);
  }
  const node = document.getIn(path);
  if (isMap(node) && node.items.length === 0 && Object.keys(before).length > 0) document.deleteIn(path);
}

function put(document: Document, path: readonly string[], value: Json): void {
  for (let depth = 1; depth < path.length; depth += 1) {
    const parent = document.getIn(path.slice(0, depth));
    if (!isMap(parent)) document.setIn(path.slice(0, depth), document.createNode({}));
    const map = document.getIn(path.slice(0, depth));
    // `{}` would go on in one line.
    if (isMap(map) && map.items.length === 0) map.flow = false;
  }
  const isScalar = typeof value !== 'object' || value === null;
  document.setIn(path, isScalar ? value : document.createNode(value));
}

function objectIn(fields: JsonObject, key: string): JsonObject {
  const value = fields[key];
  return isJsonObject(value) ? value : {};
}

function textIn(fields: JsonObject, key: string): string {
  const value = fields[key] ?? '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function criteriaIn(criteria: JsonObject): Record<string, Criterion> {
  return Object.fromEntries(
    Object.entries(criteria).flatMap(([key, value]) => {
      const criterion = Criterion.safeParse(value);
      return criterion.success ? [[key, criterion.data]] : [];
    }),
  );
}

/** StackStorm's tags are pairs, or plain words. */
function labelsIn(tags: Json | undefined): string[] {
  if (!Array.isArray(tags)) return [];
  return tags.flatMap((tag) => {
    if (!isJsonObject(tag)) return tag === null ? [] : [String(tag)];
    const { name = '', value = '' } = tag;
    return [value === '' || value === null ? String(name) : `${String(name)}=${String(value)}`];
  });
}
