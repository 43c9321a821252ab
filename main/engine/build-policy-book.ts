import type { Emit } from '../contract/rpc.ts';
import { writeNewPolicy } from '../executions/policy-file.ts';
import type { Host } from '../host.ts';
import { removeFile, saveChecked, setEnabledInFile } from '../kit/checked-file.ts';
import { loadPolicy } from '../packs/metadata/load-policies.ts';
import { USER_RULES_PACK } from '../packs/pack.ts';
import type { PackParts } from './build-packs.ts';
import { PolicyBook } from './policy-book.ts';

/** Joins packs and executions: where policies come from, and how the user's own are written. */
export function buildPolicyBook(
  host: Host,
  { registry, folders }: PackParts,
  emit: Emit,
  onEffect: () => void,
): PolicyBook {
  const check = (file: string, text: string) => loadPolicy(USER_RULES_PACK, 'user', file, text);
  const book: PolicyBook = new PolicyBook({
    loaded: () => registry.policies(),
    problems: () => registry.policyProblems(),
    hasAction: (ref) => registry.action(ref) !== undefined,
    switches: {
      get: () => host.settings.get().policySwitches,
      set: (ref, enabled) => {
        host.settings.update({ policySwitches: { ...host.settings.get().policySwitches, [ref]: enabled } });
      },
    },
    files: {
      create: async (policy) => void (await writeNewPolicy(folders.policies, policy, check)),
      save: (file, yaml) => saveChecked(file, yaml, check),
      setEnabled: setEnabledInFile,
      remove: removeFile,
    },
    reload: async () => {
      await registry.reloadUserFiles();
      book.refresh();
    },
    onChange: (ref, removed) => emit('policies.changed', { ref, removed }),
    onEffect,
  });
  return book;
}
