import type { Checked, Problem } from '../../contract/errors.ts';
import { isJsonObject } from '../../contract/json.ts';
import type { SensorDefinition, TriggerType } from '../../contract/packs.ts';
import { type PackRef, resourceRef } from '../../contract/refs.ts';
import type { StampedCache } from '../../kit/stamped-cache.ts';
import { readTriggerType } from './load-triggers.ts';
import {
  loadEach,
  type Metadata,
  type PackSource,
  type Placed,
  readMetadata,
  refuseDuplicates,
  withEntryPoint,
} from './metadata-file.ts';

const CODE = 'sensor/metadata-invalid';

/** A sensor, and the trigger types that its file declares: they are there even while the sensor is switched off. */
export type SensorFile = Placed<SensorDefinition> & { readonly triggerTypes: readonly TriggerType[] };
export type LoadedSensors = {
  readonly sensors: SensorDefinition[];
  readonly triggerTypes: TriggerType[];
  readonly problems: Problem[];
};

/** `sensors/*.yaml`. */
export async function loadSensors(
  source: PackSource,
  cache: StampedCache<Checked<SensorFile>>,
): Promise<LoadedSensors> {
  const loaded = await loadEach(source, 'sensors', cache, (file, text) => loadSensor(source.ref, file, text));
  const triggerTypes = loaded.flatMap(({ value }) => value?.triggerTypes ?? []);
  const usable = loaded.map((entry) => {
    if (!entry.value) return entry;
    return withEntryPoint(source, 'sensors', entry, entry.value.definition.entryPoint, 'sensor/entry-point-missing');
  });
  const { values, problems } = refuseDuplicates(CODE, usable, ({ definition, lines }) => ({
    ref: definition.ref,
    line: lines.name,
  }));
  return { sensors: values.map(({ definition }) => definition), triggerTypes, problems };
}

export function loadSensor(pack: PackRef, file: string, text: string): Checked<SensorFile> {
  return readMetadata(file, text, CODE, (metadata) => readSensor(metadata, pack));
}

/** Keys that mean nothing here are ignored without a word, as StackStorm does. */
function readSensor(metadata: Metadata, pack: PackRef): SensorFile | undefined {
  metadata.checkPack(CODE, pack);
  const className = metadata.requiredText(CODE, 'class_name');
  const entryPoint = metadata.requiredText(CODE, 'entry_point');
  const enabled = metadata.flag(CODE, 'enabled', true);
  const pollInterval = readPollInterval(metadata);
  const triggerTypes = readTriggerTypes(metadata, pack);
  if (metadata.failed) return undefined;
  const definition: SensorDefinition = {
    ref: resourceRef(pack, className),
    pack,
    className,
    description: metadata.text(CODE, 'description'),
    enabled,
    entryPoint,
    ...(pollInterval !== undefined && { pollInterval }),
    triggerTypes: triggerTypes.map(({ ref }) => ref),
    file: metadata.data.file,
  };
  return { definition, triggerTypes, lines: { ...metadata.lines(), name: metadata.data.lineOf(['class_name']) } };
}

function readPollInterval(metadata: Metadata): number | undefined {
  const value = metadata.fields.poll_interval ?? undefined;
  if (value === undefined || (typeof value === 'number' && value > 0)) return value;
  return metadata.error(CODE, ['poll_interval'], '`poll_interval` must be a number of seconds above 0');
}

function readTriggerTypes(metadata: Metadata, pack: PackRef): TriggerType[] {
  const value = metadata.fields.trigger_types ?? [];
  if (!Array.isArray(value)) {
    metadata.error(CODE, ['trigger_types'], '`trigger_types` must be a list');
    return [];
  }
  return value.flatMap((item, index): TriggerType[] => {
    const at = ['trigger_types', index];
    if (!isJsonObject(item)) {
      metadata.error(CODE, at, 'a trigger type must be a map with a `name`');
      return [];
    }
    const type = readTriggerType(metadata, item, at, pack);
    return type ? [type] : [];
  });
}
