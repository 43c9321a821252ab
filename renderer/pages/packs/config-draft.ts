import type { JsonObject } from '../../../main/contract/json.ts';
import type { PackConfig, SavePackConfig } from '../../../main/contract/pack-config.ts';
import { draftOfGroup, type FieldDrafts, type Reading, readField } from '../../ui/field-draft.ts';

export type ConfigChange = Pick<SavePackConfig, 'values' | 'yaml'> & { readonly encrypt?: boolean };

/** What the form and the file's text have in common. */
export type ConfigEditing = {
  readonly config: PackConfig;
  readonly isSaving: boolean;
  readonly onChanged: (isChanged: boolean) => void;
  readonly onDiscard: () => void;
  readonly onSave: (change: ConfigChange) => void;
};

/** The whole file as one group; what its schema does not know has fields too. */
export function draftOfConfig({ schema, values }: PackConfig): FieldDrafts {
  return draftOfGroup({ type: 'object', properties: schema }, values, 'configuration');
}

/** The values that the file is to have. Fields that nobody touched keep theirs, so that no other line changes. */
export function readConfigDraft(
  { schema, values: stored }: PackConfig,
  draft: FieldDrafts,
  before: FieldDrafts,
): { readonly values: JsonObject; readonly faults: Readonly<Record<string, string>> } {
  const reading: Reading = { form: 'configuration', expressions: true, faults: {} };
  const known = { draft: before, value: stored };
  const values = readField(reading, { type: 'object', properties: schema }, draft, [], known) ?? {};
  return { values: values as JsonObject, faults: reading.faults };
}
