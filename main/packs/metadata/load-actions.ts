import type { Checked, Problem } from '../../contract/errors.ts';
import { isJsonObject } from '../../contract/json.ts';
import type { ActionDefinition } from '../../contract/packs.ts';
import { type PackRef, resourceRef } from '../../contract/refs.ts';
import type { StampedCache } from '../../kit/stamped-cache.ts';
import { loadNotify } from './load-notify.ts';
import { loadParameterSpecs } from './load-parameter-specs.ts';
import {
  loadEach,
  type Metadata,
  type PackSource,
  type Placed,
  readMetadata,
  refuseDuplicates,
  withEntryPoint,
} from './metadata-file.ts';

const CODE = 'action/metadata-invalid';
const KEYS: readonly string[] = [
  ...['name', 'runner_type', 'description', 'enabled', 'entry_point', 'pack', 'parameters', 'output_schema', 'tags'],
  'notify',
  // In real packs and without meaning here.
  ...['ref', 'uid', 'output', 'metadata_file'],
];

/** The runners whose `entry_point` is a file below `actions/`; for others it is a name of their own, or nothing. */
const FILE_RUNNERS: readonly string[] = [
  ...['python-script', 'node-script', 'local-shell-script', 'remote-shell-script'],
  ...['orquesta', 'action-chain', 'winrm-ps-script'],
];

export type ActionFile = Placed<ActionDefinition>;

/** `actions/*.{yaml,json}`. An action whose file is missing is reported on its metadata file and not listed. */
export async function loadActions(
  source: PackSource,
  cache: StampedCache<Checked<ActionFile>>,
): Promise<{ readonly values: ActionDefinition[]; readonly problems: Problem[] }> {
  const loaded = await loadEach(source, 'actions', cache, (file, text) => loadAction(source.ref, file, text));
  const usable = loaded.map((entry) => {
    const action = entry.value?.definition;
    if (!action || !FILE_RUNNERS.includes(action.runner)) return entry;
    return withEntryPoint(source, 'actions', entry, action.entryPoint, 'action/entry-point-missing');
  });
  const { values, problems } = refuseDuplicates(CODE, usable, ({ definition, lines }) => ({
    ref: definition.ref,
    line: lines.name,
  }));
  return { values: values.map(({ definition }) => definition), problems };
}

export function loadAction(pack: PackRef, file: string, text: string): Checked<ActionFile> {
  return readMetadata(file, text, CODE, (metadata) => readAction(metadata, pack));
}

function readAction(metadata: Metadata, pack: PackRef): ActionFile | undefined {
  metadata.checkPack(CODE, pack);
  for (const key of Object.keys(metadata.fields)) {
    if (!KEYS.includes(key)) metadata.warn(CODE, [key], `unknown key: \`${key}\``);
  }
  const name = metadata.requiredText(CODE, 'name');
  const runner = metadata.requiredText(CODE, 'runner_type');
  const entryPoint = metadata.text(CODE, 'entry_point');
  if (FILE_RUNNERS.includes(runner) && entryPoint === '') {
    metadata.error(CODE, ['entry_point'], `\`entry_point\` is missing: \`${runner}\` runs a file`);
  }
  const enabled = metadata.flag(CODE, 'enabled', true);
  const parameters = loadParameterSpecs(metadata, parametersOf(metadata), ['parameters'], CODE);
  const notify = loadNotify(metadata, metadata.fields.notify, ['notify'], CODE);
  if (metadata.failed) return undefined;
  const definition: ActionDefinition = {
    ref: resourceRef(pack, name),
    pack,
    name,
    description: metadata.text(CODE, 'description'),
    enabled,
    runner,
    entryPoint,
    parameters,
    ...(notify && { notify }),
    tags: metadata.tags(CODE),
    file: metadata.data.file,
  };
  return { definition, lines: metadata.lines() };
}

function parametersOf(metadata: Metadata) {
  const { parameters = null } = metadata.fields;
  if (parameters === null || isJsonObject(parameters)) return parameters ?? {};
  metadata.warn(CODE, ['parameters'], '`parameters` must be a map');
  return {};
}
