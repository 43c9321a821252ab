import { existsSync } from 'node:fs';
import path from 'node:path';
import { StormletError } from '../contract/errors.ts';
import type { NewPolicy } from '../contract/policies.ts';
import { type CheckText, saveChecked } from '../kit/checked-file.ts';
import { toYaml } from '../kit/yaml-file.ts';

/** Writes a policy of the user's own, and gives its file. Refused, naming what is wrong, when it could not be loaded. */
export async function writeNewPolicy(folder: string, policy: NewPolicy, check: CheckText): Promise<string> {
  // A dot in front would hide the file.
  const file = path.join(folder, `${policy.name.replace(/^\./, '_')}.yaml`);
  if (existsSync(file)) {
    throw new StormletError({
      code: 'policy/name-taken',
      kind: 'user',
      message: `there is already a policy \`${policy.name}\`, in \`${file}\``,
      hint: 'choose another name',
    });
  }
  const text = toYaml({
    name: policy.name,
    ...(policy.description !== '' && { description: policy.description }),
    enabled: policy.enabled,
    resource_ref: policy.resource,
    policy_type: policy.type,
    parameters: policy.parameters,
  });
  await saveChecked(file, text, check);
  return file;
}
