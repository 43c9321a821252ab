import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Problem } from '../contract/errors.ts';
import { StampedCache } from '../kit/stamped-cache.ts';
import type { PackCaches } from './metadata/load-pack.ts';
import { loadPolicies } from './metadata/load-policies.ts';
import { loadRules } from './metadata/load-rules.ts';
import { scanFiles } from './metadata/scan-pack.ts';
import { type LoadedPolicy, type LoadedRule, type PackFolders, USER_RULES_PACK } from './pack.ts';

type Loaded<T> = { readonly values: readonly T[]; readonly problems: readonly Problem[] };
type Contents = { readonly rules: Loaded<LoadedRule>; readonly policies: Loaded<LoadedPolicy> };

const NOTHING = { values: [], problems: [] };

/** What the user has beside packs: rules and policies of their own, in folders of theirs. */
export class UserFiles {
  readonly #folders: Pick<PackFolders, 'rules' | 'policies'>;
  readonly #ruleCache: PackCaches['rules'] = new StampedCache();
  readonly #policyCache: PackCaches['policies'] = new StampedCache();
  #now: Contents = { rules: NOTHING, policies: NOTHING };

  constructor(folders: Pick<PackFolders, 'rules' | 'policies'>) {
    this.#folders = folders;
  }

  rules(): readonly LoadedRule[] {
    return this.#now.rules.values;
  }

  policies(): readonly LoadedPolicy[] {
    return this.#now.policies.values;
  }

  /** Of files from which no rule could be read; the others have theirs with them. */
  ruleProblems(): Problem[] {
    return unlisted(this.#now.rules);
  }

  policyProblems(): Problem[] {
    return unlisted(this.#now.policies);
  }

  async makeFolders(): Promise<void> {
    for (const folder of [this.#folders.rules, this.#folders.policies]) await mkdir(folder, { recursive: true });
  }

  /** `doubtful`: it would have taken something away, and whoever writes is perhaps not done; nothing was taken in. */
  async reload(hasty: boolean): Promise<'same' | 'changed' | 'doubtful'> {
    const before = this.#now;
    const after = await this.#read();
    if (hasty && (isWorse(before.rules, after.rules) || isWorse(before.policies, after.policies))) return 'doubtful';
    this.#now = after;
    return JSON.stringify(before) === JSON.stringify(after) ? 'same' : 'changed';
  }

  async #read(): Promise<Contents> {
    const { rules, policies } = this.#folders;
    const source = async (folder: string) => ({
      path: path.dirname(folder),
      ref: USER_RULES_PACK,
      tree: await scanFiles(folder),
    });
    return {
      rules: await loadRules(await source(rules), path.basename(rules), 'user', this.#ruleCache),
      policies: await loadPolicies(await source(policies), path.basename(policies), 'user', this.#policyCache),
    };
  }
}

function unlisted({ values, problems }: Loaded<{ readonly problems: readonly Problem[] }>): Problem[] {
  const listed = new Set(values.flatMap((value) => value.problems));
  return problems.filter((problem) => !listed.has(problem));
}

function isWorse(before: Loaded<unknown>, after: Loaded<unknown>): boolean {
  return errorsOf(after) > errorsOf(before);
}

export function errorsOf({ problems }: { readonly problems: readonly Problem[] }): number {
  return problems.filter(({ severity }) => severity === 'error').length;
}
