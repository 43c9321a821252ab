import { afterAll } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import type { RuleDefinition } from '../../main/contract/packs.ts';
import type { PackRef, ResourceRef } from '../../main/contract/refs.ts';
import type { MatchContext } from '../../main/rules/criteria.ts';
import { testDatastore, testExpressions } from './expressions.ts';

/** A rule of the pack `demo` for `demo.event`, with what the test is about. */
export function testRule(parts: Partial<RuleDefinition> & { readonly name?: string } = {}): RuleDefinition {
  const name = parts.name ?? 'rule';
  return {
    ref: `demo.${name}` as ResourceRef,
    pack: 'demo' as PackRef,
    name,
    description: '',
    enabled: true,
    type: 'standard',
    trigger: { type: 'demo.event' as ResourceRef, parameters: {} },
    criteria: {},
    action: { ref: 'demo.act' as ResourceRef, parameters: {} as JsonObject },
    tags: [],
    origin: 'pack',
    file: `/packs/demo/rules/${name}.yaml`,
    ...parts,
  };
}

/** What matching needs, with the real expressions behind it; they end with the test file. */
export function matchContext(options: { now?: number; keys?: Readonly<Record<string, string>> } = {}): MatchContext {
  const expressions = testExpressions(options.keys ? { keys: options.keys } : {});
  afterAll(() => expressions[Symbol.asyncDispose]());
  const datastore = testDatastore(options.keys);
  return {
    now: options.now ?? 0,
    render: (template, context) => expressions.render(template, context),
    readKey: (key) => datastore.read('system', key),
  };
}
