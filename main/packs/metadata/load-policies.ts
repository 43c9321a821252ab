import type { Checked, Problem } from '../../contract/errors.ts';
import type { JsonObject } from '../../contract/json.ts';
import { POLICY_PARAMETERS, type PolicyDefinition, PolicyType } from '../../contract/policies.ts';
import { type PackRef, ResourceRef, resourceRef } from '../../contract/refs.ts';
import type { StampedCache } from '../../kit/stamped-cache.ts';
import type { LoadedPolicy } from '../pack.ts';
import { loadEach, type Metadata, type PackSource, readMetadata, refuseDuplicates } from './metadata-file.ts';

const CODE = 'policy/invalid';
const KEYS: readonly string[] = [
  ...['name', 'pack', 'description', 'enabled', 'resource_ref', 'policy_type', 'parameters'],
  ...['ref', 'uid', 'id', 'metadata_file'],
];

export type PolicyFile = { readonly policy: LoadedPolicy; readonly line: number };

/** `policies/*.yaml` of a pack, or the user's own. */
export async function loadPolicies(
  source: PackSource,
  folder: string,
  origin: PolicyDefinition['origin'],
  cache: StampedCache<Checked<PolicyFile>>,
): Promise<{ readonly values: LoadedPolicy[]; readonly problems: Problem[] }> {
  const loaded = await loadEach(source, folder, cache, (file, text) => loadPolicy(source.ref, origin, file, text));
  const { values, problems } = refuseDuplicates(CODE, loaded, ({ policy, line }) => ({
    ref: policy.definition.ref,
    line,
  }));
  return { values: values.map(({ policy }) => policy), problems };
}

/** Strict, as StackStorm is: a policy that is not wholly understood must hold nothing back. */
export function loadPolicy(
  pack: PackRef,
  origin: PolicyDefinition['origin'],
  file: string,
  text: string,
): Checked<PolicyFile> {
  return readMetadata(file, text, CODE, (metadata) => readPolicy(metadata, pack, origin));
}

function readPolicy(metadata: Metadata, pack: PackRef, origin: PolicyDefinition['origin']): PolicyFile | undefined {
  const name = metadata.requiredText(CODE, 'name');
  const resource = readResource(metadata, pack);
  const type = readType(metadata);
  metadata.checkPack(CODE, pack);
  for (const key of Object.keys(metadata.fields)) {
    if (!KEYS.includes(key)) metadata.error(CODE, [key], `unknown key: \`${key}\``);
  }
  const description = metadata.text(CODE, 'description');
  const enabled = metadata.flag(CODE, 'enabled', true);
  const given = metadata.object(CODE, 'parameters') ?? {};
  if (name === '' || !resource || !type) return undefined;
  const definition: PolicyDefinition = {
    ref: resourceRef(pack, name),
    pack,
    name,
    description,
    enabled,
    resource,
    type,
    parameters: readParameters(metadata, type, given),
    origin,
    file: metadata.data.file,
  };
  const policy = { definition, problems: metadata.problems, resourceLine: metadata.data.lineOf(['resource_ref']) };
  return { policy, line: metadata.data.lineOf(['name']) };
}

function readResource(metadata: Metadata, pack: PackRef): ResourceRef | undefined {
  const given = metadata.requiredText(CODE, 'resource_ref');
  if (given === '') return undefined;
  const { data } = ResourceRef.safeParse(given);
  if (data) return data;
  const message = `\`resource_ref\` is written \`pack.name\`, got \`${given}\``;
  return metadata.error(CODE, ['resource_ref'], message, `for example \`${pack}.${given}\``);
}

function readType(metadata: Metadata): PolicyType | undefined {
  const given = metadata.requiredText(CODE, 'policy_type');
  if (given === '') return undefined;
  const { data } = PolicyType.safeParse(given);
  if (data) return data;
  const known = PolicyType.options.join(', ');
  return metadata.error(CODE, ['policy_type'], `unknown policy type: \`${given}\``, `one of ${known}`);
}

/** With the type's defaults; as they are written where they are wrong. */
function readParameters(metadata: Metadata, type: PolicyType, given: JsonObject): JsonObject {
  const parsed = POLICY_PARAMETERS[type].safeParse(given);
  if (parsed.success) return parsed.data;
  for (const { path, message, code, ...issue } of parsed.error.issues) {
    const unknown = code === 'unrecognized_keys' && 'keys' in issue ? (issue.keys as string[]) : [];
    for (const key of unknown) {
      const known = Object.keys(POLICY_PARAMETERS[type].shape).join(', ');
      metadata.error(CODE, ['parameters', key], `\`${type}\` has no parameter \`${key}\``, `it has: ${known}`);
    }
    if (unknown.length > 0) continue;
    const at = ['parameters', ...path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
    metadata.error(CODE, at, `\`${at.join('.')}\`: ${message}`);
  }
  return given;
}
