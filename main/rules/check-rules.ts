import type { Problem } from '../contract/errors.ts';
import type { ActionDefinition, RuleDefinition, TriggerType } from '../contract/packs.ts';
import { checkValue, ParameterSpec, type ParameterSpecs } from '../contract/parameter-spec.ts';
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
  readonly runnerParameters: (runner: string) => ParameterSpecs | undefined;
};

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
  if (!schema.success) return [];
  return checkValue(parameters, schema.data, 'trigger.parameters').map(({ message }) => ({
    severity: 'warning',
    code: 'rule/trigger-parameters',
    message,
    ...place,
  }));
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
