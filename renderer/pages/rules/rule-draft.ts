import type { ActionDefinition, TriggerType } from '../../../main/contract/packs.ts';
import type { ParameterSpecs } from '../../../main/contract/parameter-spec.ts';
import { NewRule } from '../../../main/contract/rules.ts';
import { draftOf, type ParameterDraft, readDraft } from '../../ui/parameter-draft.ts';
import { type CriterionDraft, criteriaDrafts, readCriteria } from './criteria-draft.ts';
import type { PayloadField } from './payload-fields.ts';
import type { RuleValues } from './rule-text.ts';

/** A rule as its form holds it. */
export type RuleDraft = {
  readonly name: string;
  readonly description: string;
  readonly trigger: string;
  readonly triggerParameters: ParameterDraft;
  readonly criteria: readonly CriterionDraft[];
  readonly action: string;
  readonly parameters: ParameterDraft;
  readonly labels: readonly string[];
};

/** What the form knows beside the draft: what its trigger and action take, and the fields of events. */
export type RuleWorld = {
  readonly type: TriggerType | undefined;
  readonly action: ActionDefinition | undefined;
  readonly fields: readonly PayloadField[];
};

export const EMPTY_DRAFT: RuleDraft = {
  name: '',
  description: '',
  trigger: '',
  triggerParameters: {},
  criteria: [],
  action: '',
  parameters: {},
  labels: [],
};

/** What a trigger takes, written as draft 3 or 4, as a form's specs. */
export function triggerSpecs(type: TriggerType | undefined): ParameterSpecs {
  const properties = type?.parametersSchema?.properties;
  return (properties ?? {}) as ParameterSpecs;
}

/** Chooses an action and fills in its defaults; what was typed for the one before is gone. */
export function withAction(draft: RuleDraft, action: ActionDefinition | undefined): RuleDraft {
  return { ...draft, action: action?.ref ?? '', parameters: action ? draftOf(action.parameters) : {} };
}

export function withTrigger(draft: RuleDraft, type: TriggerType | undefined): RuleDraft {
  return { ...draft, trigger: type?.ref ?? '', triggerParameters: draftOf(triggerSpecs(type)) };
}

/** The form for a rule that is written already. */
export function draftOfRule(values: RuleValues, { type, action, fields }: RuleWorld): RuleDraft {
  return {
    name: values.name,
    description: values.description,
    trigger: values.trigger,
    triggerParameters: draftOf(triggerSpecs(type), values.triggerParameters),
    criteria: criteriaDrafts(values.criteria, fields),
    action: values.action,
    parameters: draftOf(action?.parameters ?? {}, values.parameters),
    labels: values.labels,
  };
}

/** Faults by field: `name`, `trigger`, `action`, `criteria.<key>`, `parameters.<name>`, `triggerParameters.<name>`. */
export type RuleFaults = Readonly<Record<string, string>>;
/** `values` are what is sound of it, also where something else is at fault. */
export type ReadRule = { readonly values: RuleValues; readonly faults: RuleFaults };

export function readRule(draft: RuleDraft, { type, action, fields }: RuleWorld): ReadRule {
  const parameters = readDraft(action?.parameters ?? {}, draft.parameters, { expressions: true });
  const triggerParameters = readDraft(triggerSpecs(type), draft.triggerParameters, { expressions: false });
  const criteria = readCriteria(draft.criteria, fields);
  const name = NewRule.shape.name.safeParse(draft.name.trim());
  return {
    values: {
      name: draft.name.trim(),
      description: draft.description.trim(),
      trigger: draft.trigger,
      triggerParameters: triggerParameters.values,
      criteria: criteria.values,
      action: draft.action,
      parameters: parameters.values,
      labels: [...draft.labels],
    },
    faults: {
      ...(!name.success && { name: draft.name.trim() ? nameFault(name.error) : 'the rule needs a name' }),
      ...(!draft.trigger && { trigger: 'choose what the rule waits for' }),
      ...(!draft.action && { action: 'choose what the rule does' }),
      ...criteria.faults,
      ...prefixed('parameters', parameters.faults),
      ...prefixed('triggerParameters', triggerParameters.faults),
    },
  };
}

function nameFault(error: { readonly issues: readonly { readonly message: string }[] }): string {
  return error.issues[0]?.message ?? 'this cannot be a name';
}

function prefixed(group: string, faults: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(faults).map(([name, fault]) => [`${group}.${name}`, fault]));
}

/** A name from what the rule does, so that the field can be left alone: `file_created_echo`. */
export function suggestedName(trigger: string, action: string): string {
  const word = (ref: string) => ref.slice(ref.lastIndexOf('.') + 1).replaceAll(/[^A-Za-z0-9_]+/g, '_');
  return trigger && action ? `${word(trigger)}_${word(action)}` : '';
}

export function parametersOf(faults: RuleFaults, group: 'parameters' | 'triggerParameters'): Record<string, string> {
  return Object.fromEntries(
    Object.entries(faults).flatMap(([field, fault]) =>
      field.startsWith(`${group}.`) ? [[field.slice(group.length + 1), fault]] : [],
    ),
  );
}
