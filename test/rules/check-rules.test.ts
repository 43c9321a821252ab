import { describe, expect, it } from 'vitest';
import type { RuleDefinition } from '../../main/contract/packs.ts';
import type { PackRef, ResourceRef } from '../../main/contract/refs.ts';
import { checkRule, type RuleLookups } from '../../main/rules/check-rules.ts';
import { testRule } from '../support/rules.ts';

const lookups: RuleLookups = {
  triggerTypes: () => ['demo.event', 'demo.other'],
  actions: () => ['demo.act', 'core.local'],
  triggerType: (ref) =>
    ref === 'demo.event'
      ? {
          ref,
          pack: 'demo' as PackRef,
          name: 'event',
          description: '',
          file: '',
          parametersSchema: { type: 'object', properties: { url: { type: 'string', required: true } } },
        }
      : undefined,
  action: (ref) =>
    ref === 'demo.act'
      ? {
          ref,
          pack: 'demo' as PackRef,
          name: 'act',
          description: '',
          enabled: true,
          runner: 'noop',
          entryPoint: '',
          parameters: { message: { required: true }, level: { required: true, default: 1 } },
          tags: [],
          file: '',
        }
      : undefined,
  ownTrigger: () => undefined,
  runnerParameters: () => ({ timeout: { type: 'integer' } }),
};

const GOOD: Partial<RuleDefinition> = {
  trigger: { type: 'demo.event' as ResourceRef, parameters: { url: 'x' } },
  action: { ref: 'demo.act' as ResourceRef, parameters: { message: 'm', timeout: 5 } },
};
const check = (parts: Partial<RuleDefinition>) =>
  checkRule({ definition: testRule({ ...GOOD, ...parts }), lines: { trigger: 4, action: 9 } }, lookups);

describe('a rule against what is installed', () => {
  it('has no problems when all it names is there', () => {
    expect(check({})).toEqual([]);
  });

  it('that names an unknown trigger type is told where, and the nearest name', () => {
    expect(check({ trigger: { type: 'demo.evnt' as ResourceRef, parameters: {} } })).toEqual([
      {
        severity: 'error',
        code: 'rule/trigger-unknown',
        message: 'unknown trigger type: `demo.evnt`',
        hint: 'did you mean `demo.event`?',
        file: '/packs/demo/rules/rule.yaml',
        line: 4,
      },
    ]);
  });

  it('that names an unknown action of no near name is told its pack', () => {
    expect(check({ action: { ref: 'chat.post_message' as ResourceRef, parameters: {} } })).toMatchObject([
      { severity: 'error', code: 'rule/action-unknown', hint: 'install or enable the pack `chat`', line: 9 },
    ]);
  });

  it('is warned of unknown and missing parameters', () => {
    const parameters = { mesage: 'm' };
    expect(check({ action: { ref: 'demo.act' as ResourceRef, parameters } })).toMatchObject([
      {
        severity: 'warning',
        message: '`demo.act` has no parameter `mesage`',
        hint: 'did you mean `message`?',
        line: 9,
      },
      { severity: 'warning', message: '`demo.act` needs the parameter `message`', line: 9 },
    ]);
    expect(check({ trigger: { type: 'demo.event' as ResourceRef, parameters: { url: 5 } } })).toMatchObject([
      { severity: 'warning', code: 'rule/trigger-parameters', line: 4 },
    ]);
  });
});
