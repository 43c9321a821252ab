import { expect, test } from 'vitest';
import type { ActionDefinition } from '../../main/contract/packs.ts';
import type { ParameterSpecs } from '../../main/contract/parameter-spec.ts';
import type { PackRef, ResourceRef } from '../../main/contract/refs.ts';
import { maskJson, textMasker } from '../../main/executions/mask-output.ts';
import { newExecution } from '../../main/executions/new-execution.ts';
import { parameterSpecs } from '../../main/executions/parameter-specs.ts';

const action: ActionDefinition = {
  ref: 'demo.send' as ResourceRef,
  pack: 'demo' as PackRef,
  name: 'send',
  description: '',
  enabled: true,
  runner: 'python-script',
  entryPoint: 'send.py',
  parameters: {
    to: { type: 'string', required: true },
    times: { type: 'integer', default: 1 },
    token: { type: 'string', secret: true },
    channel: { type: 'string', immutable: true, default: 'ops' },
    timeout: { type: 'string', default: 5 },
  },
  tags: [],
  file: '/packs/demo/actions/send.yaml',
};
const runnerParameters = { timeout: { type: 'integer', default: 600 } } satisfies ParameterSpecs;

test('defaults are filled in, secrets are masked in the record and kept for the run', () => {
  const made = make({ to: 'me', token: 'hunter2' });
  expect(made.parameters).toEqual({ to: 'me', times: 1, token: 'hunter2', channel: 'ops', timeout: 5 });
  expect(made.execution).toMatchObject({ status: 'requested', parameters: { to: 'me', token: '********' } });
});

test.each([
  ['a missing one', {}, /`to` is required/],
  ['an unknown one', { to: 'x', tos: 'y' }, /unknown parameter: `tos`/],
  ['a wrong type', { to: 'x', times: 'two' }, /`times` must be an integer, got "two"/],
  ['a boolean for an integer', { to: 'x', times: true }, /`times` must be an integer, got true/],
  ['an immutable one', { to: 'x', channel: 'dev' }, /`channel` is immutable/],
])('wrong parameters are refused with the name and what was received: %s', (_, given, message) => {
  expect(() => make(given)).toThrow(
    expect.objectContaining({ code: 'action/parameters-invalid', message: expect.stringMatching(message) }),
  );
});

test('every problem is told at once', () => {
  expect(() => make({ times: 'two', colour: 'red' })).toThrow(
    /unknown parameter: `colour`; `to` is required; `times` must/,
  );
});

test('an unknown action, one that is switched off and an unknown runner are told apart', () => {
  const request = { action: action.ref, parameters: { to: 'x' }, context: { source: 'cli' as const } };
  const attempt = (known: Parameters<typeof newExecution>[1]) => () => newExecution(request, known, 'id', 'now');
  expect(attempt({ action: undefined, runnerParameters })).toThrow(expect.objectContaining({ code: 'action/unknown' }));
  expect(attempt({ action: { ...action, enabled: false }, runnerParameters })).toThrow(/switched off/);
  expect(attempt({ action, runnerParameters: undefined })).toThrow(/`python-script`, which Stormlet does not have/);
});

test('an action changes the default of a runner parameter, never its type', () => {
  expect(parameterSpecs(action.parameters, runnerParameters).timeout).toEqual({ type: 'integer', default: 5 });
});

test('a secret is masked wherever it was printed, and a short one is left readable', () => {
  const mask = textMasker(['hunter2-long', 'hunter2', 'on']);
  expect(mask('on: token=hunter2 and hunter2-long')).toBe('on: token=******** and ********');
  expect(maskJson({ hunter2: ['say hunter2', 5, null] }, mask)).toEqual({ '********': ['say ********', 5, null] });
});

function make(parameters: Record<string, never> | object) {
  const request = { action: action.ref, parameters: { ...parameters }, context: { source: 'cli' as const } };
  return newExecution(request, { action, runnerParameters }, 'id', '2026-01-01T00:00:00.000Z');
}
