import { afterAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import type { ActionDefinition } from '../../main/contract/packs.ts';
import type { PackRef, ResourceRef } from '../../main/contract/refs.ts';
import { renderParameters } from '../../main/expressions/render-parameters.ts';
import { renderRequest } from '../../main/rules/render-request.ts';
import { testExpressions } from '../support/expressions.ts';
import { testRule } from '../support/rules.ts';

const expressions = testExpressions();
afterAll(() => expressions[Symbol.asyncDispose]());

const action: ActionDefinition = {
  ref: 'tools.act' as ResourceRef,
  pack: 'tools' as PackRef,
  name: 'act',
  description: '',
  enabled: true,
  runner: 'python-script',
  entryPoint: 'act.py',
  parameters: { count: { type: 'integer' }, text: { type: 'string' } },
  tags: [],
  file: '/packs/tools/actions/act.yaml',
};

function renderFor(parameters: JsonObject) {
  const rule = testRule({ action: { ref: action.ref, parameters } });
  const instance = { id: 'i1', trigger: 'demo.event', payload: { n: 3 } };
  const asked = {
    rule,
    instance,
    action,
    runnerParameters: { timeout: { type: 'integer' as const } },
    config: { region: 'eu' },
    user: 'me',
  };
  return renderRequest(asked, (each) => renderParameters(each, expressions));
}

describe('what a matched rule asks for', () => {
  it('is its action with parameters rendered from the event and cast', async () => {
    expect(
      await renderFor({ count: '{{ trigger.n }}', text: '{{ config_context.region }}', timeout: '{{ count }}0' }),
    ).toEqual({
      action: 'tools.act',
      parameters: { count: 3, text: 'eu', timeout: 30 },
      context: { source: 'rule', rule: 'demo.rule', triggerInstance: 'i1' },
    });
  });

  it('can tell its action where it comes from', async () => {
    const text =
      '{{ action_context.rule.name }} {{ action_context.trigger_instance.id }} {{ action_context.user }} {{ action_context.pack }}';
    expect((await renderFor({ text })).parameters).toEqual({ text: 'rule i1 me tools' });
  });

  it('carries the fault and the parameters as written when they cannot be rendered', async () => {
    const parameters = { count: '{{ trigger.m }}' };
    expect(await renderFor(parameters)).toEqual({
      action: 'tools.act',
      parameters,
      context: { source: 'rule', rule: 'demo.rule', triggerInstance: 'i1' },
      fault: {
        code: 'parameter/render-failed',
        kind: 'user',
        message:
          "rule `demo.rule`: `count` cannot be rendered from `{{ trigger.m }}`: UndefinedError: 'dict object' has no attribute 'm'",
        details: { parameter: 'count', template: '{{ trigger.m }}', type: 'UndefinedError', line: 1 },
      },
    });
  });
});
