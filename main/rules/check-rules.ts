import { checkValue } from '../contract/check-parameters.ts';
import type { Problem } from '../contract/errors.ts';
import { isJsonObject, type JsonObject } from '../contract/json.ts';
import type { ActionDefinition, RuleDefinition, TriggerType } from '../contract/packs.ts';
import { ParameterSpec, type ParameterSpecs } from '../contract/parameter-spec.ts';
import type { ResourceRef } from '../contract/refs.ts';
import { nearestName } from '../kit/nearest-name.ts';

/** A rule and the lines of its file that name its trigger type and its action. */
export type RuleToCheck = {
  readonly definition: RuleDefinition;
  readonly lines: { readonly trigger?: number | undefined; readonly action?: number | undefined };
};

export type RuleLookups = {
  readonly triggerType: (ref: ResourceRef) => TriggerType | undefined;
  readonly action: (ref: ResourceRef) => ActionDefinition | undefined;
  /** All names there are, asked only for a hint. */
  readonly triggerTypes: () => Iterable<string>;
  readonly actions: () => Iterable<string>;
  /** Undefined for a runner that the app does not have. */
  /** Beyond what its schema says; undefined for a trigger type that a sensor looks after. */
  readonly ownTrigger: (type: string) => ((parameters: JsonObject) => TriggerFault | undefined) | undefined;
  readonly runnerParameters: (runner: string) => ParameterSpecs | undefined;
};

type TriggerFault = { readonly fault: string; readonly hint: string };

/** What is wrong between a rule and the rest of the world. Names that are not there are errors, doubtful parameters warnings. */
export function checkRule(rule: RuleToCheck, lookups: RuleLookups): Problem[] {
  return [...checkTrigger(rule, lookups), ...checkAction(rule, lookups)];
}

function checkTrigger({ definition, lines }: RuleToCheck, lookups: RuleLookups): Problem[] {
  const { type, parameters } = definition.trigger;
  const place = { file: definition.file, ...(lines.trigger !== undefined && { line: lines.trigger }) };
  const known = lookups.triggerType(type);
  if (!known) return [unknown('rule/trigger-unknown', 'trigger type', type, lookups.triggerTypes(), place)];
  const schema = ParameterSpec.safeParse(known.parametersSchema ?? {});
  const messages = schema.success
    ? checkValue(parameters, schema.data, 'trigger.parameters').map(({ message }) => message)
    : [];
  const code = 'rule/trigger-parameters';
  const findFault = lookups.ownTrigger(type);
  if (!findFault) return messages.map((message) => ({ severity: 'warning', code, message, ...place }));
  // Of a sensor nobody knows what it makes of them; the app makes nothing of what is wrong.
  const [message] = messages;
  const found = message === undefined ? findFault(parameters) : { fault: message, hint: describedBy(known) };
  return found ? [{ severity: 'error', code, message: found.fault, hint: found.hint, ...place }] : [];
}

function describedBy(type: TriggerType): string {
  const names = Object.keys(isJsonObject(type.parametersSchema?.properties) ? type.parametersSchema.properties : {});
  return `\`${type.ref}\` takes ${names.join(', ')}`;
}

function checkAction({ definition, lines }: RuleToCheck, lookups: RuleLookups): Problem[] {
  const { ref, parameters } = definition.action;
  const place = { file: definition.file, ...(lines.action !== undefined && { line: lines.action }) };
  const action = lookups.action(ref);
  if (!action) return [unknown('rule/action-unknown', 'action', ref, lookups.actions(), place)];
  const specs = { ...lookups.runnerParameters(action.runner), ...action.parameters };
  const warning = (message: string, hint?: string): Problem => ({
    severity: 'warning',
    code: 'rule/action-parameters',
    message,
    ...(hint !== undefined && { hint }),
    ...place,
  });
  const unknownNames = Object.keys(parameters).filter((name) => !Object.hasOwn(specs, name));
  const missing = Object.entries(specs).filter(([name, spec]) => isMissing(spec) && !Object.hasOwn(parameters, name));
  return [
    ...unknownNames.map((name) =>
      warning(`\`${ref}\` has no parameter \`${name}\``, didYouMean(name, Object.keys(specs))),
    ),
    ...missing.map(([name]) => warning(`\`${ref}\` needs the parameter \`${name}\``)),
  ];
}

function isMissing(spec: ParameterSpec): boolean {
  return spec.required === true && (spec.default ?? null) === null;
}

type Place = { readonly file: string; readonly line?: number };

function unknown(code: string, what: string, name: string, known: Iterable<string>, place: Place): Problem {
  const hint = didYouMean(name, known) ?? `install or enable the pack \`${name.split('.', 1)[0]}\``;
  return { severity: 'error', code, message: `unknown ${what}: \`${name}\``, hint, ...place };
}

function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const nearest = nearestName(name, known);
  return nearest === undefined ? undefined : `did you mean \`${nearest}\`?`;
}
