import type { JsonObject } from '../../main/contract/json.ts';
import type { ParameterSpecs } from '../../main/contract/parameter-spec.ts';
import { draftOfValue, type FieldDrafts, type Reading, readField } from './field-draft.ts';

/** What a person has typed, by parameter. */
export type ParameterDraft = FieldDrafts;

/** A form filled with defaults and, over them, with `values`. */
export function draftOf(specs: ParameterSpecs, values: JsonObject = {}): ParameterDraft {
  const entries = Object.entries(specs).map(([name, spec]) => {
    const given = Object.hasOwn(values, name) && !spec.immutable ? values[name] : undefined;
    return [name, draftOfValue(spec, given, 'parameters')];
  });
  return Object.fromEntries(entries);
}

export type ReadParameters = { readonly values: JsonObject; readonly faults: Readonly<Record<string, string>> };

/** The values to send. With `expressions`, a field that holds one is passed on as it is: it is rendered when the rule runs. */
export function readDraft(
  specs: ParameterSpecs,
  draft: ParameterDraft,
  options: { readonly expressions: boolean },
): ReadParameters {
  const reading: Reading = { form: 'parameters', expressions: options.expressions, faults: {} };
  const values: JsonObject = {};
  for (const [name, spec] of Object.entries(specs)) {
    const value = spec.immutable ? undefined : readField(reading, spec, draft[name] ?? '', [name]);
    if (value !== undefined) values[name] = value;
  }
  return { values, faults: reading.faults };
}
