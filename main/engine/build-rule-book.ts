import type { Problem } from '../contract/errors.ts';
import type { ResourceRef } from '../contract/refs.ts';
import type { Emit } from '../contract/rpc.ts';
import type { Host } from '../host.ts';
import { removeFile, saveChecked, setEnabledInFile } from '../kit/checked-file.ts';
import { loadRule } from '../packs/metadata/load-rules.ts';
import { type LoadedRule, USER_RULES_PACK } from '../packs/pack.ts';
import { checkRule } from '../rules/check-rules.ts';
import { writeNewRule, writeRuleText } from '../rules/rule-file.ts';
import type { Runners } from '../runners/run-action.ts';
import { ownTrigger } from '../triggers/own-trigger.ts';
import { triggerOf } from '../triggers/trigger-of.ts';
import type { PackParts } from './build-packs.ts';
import { RuleBook } from './rule-book.ts';

/** Joins packs and rules: where rules come from, what they are checked against, and how the user's own are written. */
export function buildRuleBook(
  host: Host,
  packs: PackParts,
  runners: Runners,
  own: {
    /** What else is to be said of a rule. */
    problemsOf(rule: LoadedRule): readonly Problem[];
    onSwitched(ref: ResourceRef): void;
  },
  emit: Emit,
): RuleBook {
  const { registry, folders } = packs;
  const lookups = {
    triggerType: registry.triggerType.bind(registry),
    action: registry.action.bind(registry),
    triggerTypes: () => registry.triggerTypes().map((type) => type.ref),
    actions: () => registry.actions().map((action) => action.ref),
    ownTrigger,
    runnerParameters: (name: string) => runners.get(name)?.parameters,
  };
  const check = (file: string, text: string) => loadRule(USER_RULES_PACK, 'user', file, text);
  const book: RuleBook = new RuleBook({
    loaded: () => registry.rules(),
    problems: () => registry.ruleProblems(),
    load: (text, { pack, origin, file }) => {
      const { value, problems } = loadRule(pack, origin, file, text);
      return { problems, ...(value && { value: value.rule }) };
    },
    check: (rule) => [...checkRule(rule, lookups), ...own.problemsOf(rule)],
    trigger: ({ trigger: { type, parameters } }) => {
      const known = registry.triggerType(type);
      return known && triggerOf(known, parameters);
    },
    switches: {
      get: () => host.settings.get().ruleSwitches,
      set: (ref, enabled) => {
        host.settings.update({ ruleSwitches: { ...host.settings.get().ruleSwitches, [ref]: enabled } });
      },
    },
    files: {
      create: async (rule) => void (await writeNewRule(folders.rules, rule, check)),
      add: async (name, yaml) => void (await writeRuleText(folders.rules, name, yaml, check)),
      save: (file, yaml) => saveChecked(file, yaml, check),
      setEnabled: setEnabledInFile,
      remove: removeFile,
    },
    reload: async () => {
      await registry.reloadUserFiles();
      book.refresh();
    },
    onSwitched: own.onSwitched,
    onChange: (ref, removed) => emit('rules.changed', { ref, removed }),
  });
  return book;
}
