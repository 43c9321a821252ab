import { afterAll, describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../main/contract/json.ts';
import type { ParameterSpecs } from '../../main/contract/parameter-spec.ts';
import {
  finishParameters,
  type ParametersToRender,
  renderParameters,
} from '../../main/expressions/render-parameters.ts';
import { testExpressions } from '../support/expressions.ts';

const expressions = testExpressions({
  keys: { 'system:host': 'box', 'system:a.b': '7', 'system:token': 'enc:s3cret' },
});
afterAll(() => expressions[Symbol.asyncDispose]());

const TRIGGER: JsonObject = { n: 5, text: 'it\'s "so"', list: [1, 'a', null], map: { a: true }, none: null, big: 1e21 };

function request(given: JsonObject, action: ParameterSpecs = {}, runner: ParameterSpecs = {}): ParametersToRender {
  return {
    given,
    action,
    runner,
    context: { trigger: TRIGGER, config_context: { region: 'eu' }, action_context: { user: 'me' } },
  };
}
const render = (given: JsonObject, action?: ParameterSpecs, runner?: ParameterSpecs) =>
  renderParameters(request(given, action, runner), expressions);

describe('rendering parameters', () => {
  it.each<[Json, ParameterSpecs[string], Json]>([
    ['{{ trigger.n }}', {}, '5'],
    ['{{ trigger.n }}', { type: 'integer' }, 5],
    ['{{ trigger.n }}', { type: 'string' }, '5'],
    ['{{ trigger.n * 2 }}', { type: 'number' }, 10],
    ['{{ trigger }}', { type: 'object' }, TRIGGER],
    ['{{ trigger.list }}', { type: 'array' }, [1, 'a', null]],
    ['{{ trigger.list }}', {}, "[1, 'a', None]"],
    ['{{ trigger.map | to_json_string }}', { type: 'object' }, { a: true }],
    ['{{ trigger.map.a }}', { type: 'boolean' }, true],
    ['{{ trigger.none }}', { type: 'string' }, 'None'],
    ['{{ trigger.none | use_none }}', { type: 'string' }, null],
    ['{{ trigger.none | use_none }}', { type: 'object' }, null],
    ['{% if trigger.n > 3 %}high{% endif %}', {}, 'high'],
    ['{{ config_context.region }}/{{ action_context.user }}', {}, 'eu/me'],
    ['{{ st2kv.system.host }}', {}, 'box'],
    ['{{ st2kv.system.a.b | int + 1 }}', { type: 'integer' }, 8],
    ['{{ st2kv.system.token | decrypt_kv }}', {}, 's3cret'],
    ['{{ st2kv.system.nowhere }}', {}, ''],
    // Only strings with marks are templates, and another language's marks are left alone.
    ['plain', { type: 'string' }, 'plain'],
    ['{{.Name}}', { type: 'string' }, '{{.Name}}'],
    [7, { type: 'integer' }, 7],
  ])('%j as %j gives %j', async (template, spec, expected) => {
    expect(await render({ p: template }, { p: spec })).toEqual({ p: expected });
  });

  it('renders a list or map as a whole, where only a bare name keeps its type', async () => {
    const given = {
      name: 'x',
      items: [1],
      all: ['{{items}}', '{{ items }}', 'n={{ trigger.n }}', { '{{ name }}': '{{name}}' }, null, 2],
    };
    expect(await render(given)).toEqual({ ...given, all: [[1], '[1]', 'n=5', { x: 'x' }, null, 2] });
  });

  it('says how to quote text that breaks the JSON of a list', async () => {
    await expect(render({ list: ['{{ trigger.text }}'] })).rejects.toMatchObject({
      code: 'parameter/render-failed',
      message: expect.stringContaining(
        '`list` cannot be rendered from `["{{ trigger.text }}"]`: the rendered text is no JSON',
      ),
      hint: 'pass text inside a list or map through `| json_escape`',
    });
    expect(await render({ list: ['{{ trigger.text | json_escape }}'] })).toEqual({ list: ['it\'s "so"'] });
  });

  it('lets parameters read one another in any order, defaults included', async () => {
    const specs: ParameterSpecs = { port: { type: 'integer', default: 80 }, host: { default: 'h' }, url: {} };
    const given = { url: 'http://{{ address }}/{{ trigger.n }}', address: '{{ host }}:{{ port }}' };
    expect(await render(given, specs)).toEqual({ url: 'http://h:80/5', address: 'h:80' });
  });

  it('adds what has a template for its default, unless it is immutable', async () => {
    const specs: ParameterSpecs = {
      host: {},
      cmd: { default: 'ping {{ host }}' },
      fixed: { default: 'x {{ host }}', immutable: true },
      plain: { default: 'y' },
    };
    expect(await render({ host: 'h' }, specs)).toEqual({ host: 'h', cmd: 'ping h' });
    expect(await render({ host: 'h', cmd: 'own' }, specs)).toEqual({ host: 'h', cmd: 'own' });
    expect(await render({ host: 'h', cmd: null }, specs)).toEqual({ host: 'h', cmd: 'ping h' });
    expect(await render({ host: 'h', fixed: 'mine' }, specs)).toMatchObject({ fixed: 'mine' });
  });

  it('names the parameter and its template when it cannot be rendered', async () => {
    await expect(render({ a: 'ok', size: 'x\n{{ trigger.sise }}' })).rejects.toMatchObject({
      code: 'parameter/render-failed',
      kind: 'user',
      message:
        "`size` cannot be rendered from `x\n{{ trigger.sise }}`: UndefinedError: 'dict object' has no attribute 'sise'",
      details: { parameter: 'size', template: 'x\n{{ trigger.sise }}', type: 'UndefinedError', line: 2 },
    });
  });

  it.each<[JsonObject, string, string]>([
    [{ a: '{{ b }}', b: '{{ a }}' }, 'parameter/cycle', 'these parameters need one another: `a`, `b`'],
    [{ a: '{{ a }}' }, 'parameter/cycle', '`a`'],
    [{ a: '{{ nothing }}' }, 'parameter/unknown-name', '`a` needs `nothing`'],
    [{ a: '{{ trigger.n | no_such }}' }, 'parameter/render-failed', "No filter named 'no_such'"],
    [{ a: '{{ trigger.n }}', b: 5 }, 'parameter/cast-failed', '`b` cannot be made a string: `5` is a number'],
  ])('refuses %j with %s', async (given, code, message) => {
    await expect(render(given, { b: { type: 'string' } })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('goes by the runner’s type for a parameter of the runner', async () => {
    expect(
      await render({ timeout: '{{ trigger.n }}' }, { timeout: { default: 1 } }, { timeout: { type: 'integer' } }),
    ).toEqual({
      timeout: 5,
    });
  });
});

describe('a template that loops for ever', () => {
  it('fails its own request, by its own code, and no other', async () => {
    await using impatient = testExpressions({ limits: { timeMs: 500 } });
    const loop = '{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}';
    const [endless, other] = await Promise.allSettled([
      renderParameters(request({ a: loop }), impatient),
      renderParameters(request({ a: '{{ trigger.n + 1 }}' }), impatient),
    ]);
    expect(endless).toMatchObject({ reason: { code: 'expression/timeout', details: { parameter: 'a' } } });
    expect(other).toMatchObject({ value: { a: '6' } });
  });
});

describe('finishing parameters', () => {
  const action: ParameterSpecs = {
    host: { type: 'string' },
    count: { type: 'integer', default: 4 },
    timeout: { default: 9 },
  };
  const runner: ParameterSpecs = {
    cmd: { type: 'string', immutable: true, default: 'ping -c {{ count }} {{ host }}' },
    timeout: { type: 'integer', default: 60 },
  };

  it('fills in defaults and immutable ones, rendered, and parts the action’s from its runner’s', async () => {
    expect(await finishParameters(request({ host: 'box' }, action, runner), expressions)).toEqual({
      action: { host: 'box', count: 4 },
      runner: { cmd: 'ping -c 4 box', timeout: 9 },
    });
  });

  it('takes what is given as it is, whatever it looks like', async () => {
    const { action: finished } = await finishParameters(
      request({ host: '{{ trigger.n }}' }, { host: {} }),
      expressions,
    );
    expect(finished).toEqual({ host: '{{ trigger.n }}' });
  });
});
