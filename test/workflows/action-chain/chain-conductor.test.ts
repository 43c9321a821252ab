import { afterAll, describe, expect, test } from 'vitest';
import { ended, type OpenChain, openChain, playChain } from '../../support/chains.ts';
import { testExpressions } from '../../support/expressions.ts';

const renderer = testExpressions({ keys: { 'system:host': 'example' } });
afterAll(() => renderer[Symbol.asyncDispose]());
const open = (text: string, given: Omit<OpenChain, 'text' | 'renderer'> = {}) =>
  openChain({ text, renderer, ...given });

const TWO = `
chain:
  - {name: one, ref: demo.a, on-success: two, on-failure: mend}
  - {name: two, ref: demo.b}
  - {name: mend, ref: demo.c}
`;

describe('a chain', () => {
  test('runs a task after another, and tells of each in the shape of StackStorm', async () => {
    const { runs, last } = await playChain(await open(TWO), ({ task }) => ({ result: { stdout: task } }));
    expect(runs.map(({ task, action }) => [task, action])).toEqual([
      ['one', 'demo.a'],
      ['two', 'demo.b'],
    ]);
    expect(last.status).toBe('succeeded');
    expect(last.result).toEqual({
      published: {},
      tasks: ['one', 'two'].map((name, index) => ({
        id: name,
        name,
        execution_id: `x-${name}.${index + 1}`,
        liveaction_id: `x-${name}.${index + 1}`,
        workflow: null,
        created_at: '2026-01-01T00:00:00.000Z',
        updated_at: '2026-01-01T00:00:01.000Z',
        state: 'succeeded',
        result: { stdout: name },
      })),
    });
  });

  test.each(['failed', 'timeout', 'abandoned'] as const)('goes on after a task that ended as %s', async (status) => {
    const { runs, last } = await playChain(await open(TWO), ({ task }) => (task === 'one' ? { status } : {}));
    expect(runs.map(({ task }) => task)).toEqual(['one', 'mend']);
    expect(last.status).toBe('succeeded');
  });

  test.each([
    ['failed', 'failed'],
    ['abandoned', 'failed'],
    ['timeout', 'timeout'],
    ['canceled', 'canceled'],
  ] as const)('whose last task is %s is %s', async (status, expected) => {
    const { last } = await playChain(await open(TWO), ({ task }) => (task === 'two' ? { status } : {}));
    expect(last.status).toBe(expected);
  });

  test('without a task succeeds at once', async () => {
    expect(await (await open('chain: []')).begin()).toEqual({
      run: [],
      status: 'succeeded',
      result: { tasks: [], published: {} },
    });
  });

  test('may lead back to a task that ran', async () => {
    const states = ['succeeded', 'succeeded', 'failed'] as const;
    let next = 0;
    const text = 'chain:\n  - {name: again, ref: demo.a, on-success: again}';
    const { runs, last } = await playChain(await open(text), () => ({
      status: states[next++] ?? 'failed',
    }));
    expect(new Set(runs.map(({ key }) => key)).size).toBe(3);
    expect(last.status).toBe('failed');
  });

  test('told twice of the same end decides nothing', async () => {
    const chain = await open(TWO);
    const [run] = (await chain.begin()).run;
    expect((await chain.onEnd(ended(run, {}))).run).toHaveLength(1);
    expect(await chain.onEnd(ended(run, {}))).toEqual({ run: [], status: 'running' });
  });

  test('that is built again from its state decides as the first would have', async () => {
    const first = await open(TWO);
    const [one] = (await first.begin()).run;
    const state = JSON.parse(JSON.stringify(first.state));
    const expected = await first.onEnd(ended(one, { n: 1 }));
    const second = await open(TWO, { state });
    expect(await second.onEnd(ended(one, { n: 1 }))).toEqual(expected);
    expect(second.state).toEqual(first.state);
  });
});

describe('templates of a chain', () => {
  const parametersOf = async (parameters: string, given: Parameters<typeof open>[1] = {}) => {
    const text = `vars: {v: "{{ who }}!", w: 5}\nchain:\n  - {name: one, ref: demo.a, on-success: two}\n  - {name: two, ref: demo.b, parameters: ${parameters}}`;
    const chain = await open(text, { input: { who: 'me' }, ...given });
    const { runs } = await playChain(chain, () => ({ result: { stdout: 'out', result: { n: 4, l: [1, 'a'] } } }));
    return runs[1]?.parameters;
  };

  test.each([
    ['{x: "{{ who }} {{ v }} {{ w }}"}', { x: 'me me! 5' }],
    ['{x: "{{ one.stdout }}", y: "{{ one.result.n }}"}', { x: 'out', y: '4' }],
    ['{x: "{{ __results[\'one\'].stdout }}", y: "{{ __context.who }}"}', { x: 'out', y: 'me' }],
    ['{x: "{{ st2kv.system.host }} {{ system.host }}"}', { x: 'example example' }],
    ['{x: "{{ action_context.parent.execution_id }} {{ action_context.parent.user }}"}', { x: 'e-1 stormlet' }],
    ['{x: "{{ config_context.url }}"}', { x: 'u' }],
    ['{x: {a: ["{{ who }}", 1]}, y: 5, z: true, n: null}', { x: { a: ['me', 1] }, y: 5, z: true, n: null }],
    ['{x: "{% for i in one.result.l %}{{ i }};{% endfor %}"}', { x: '1;a;' }],
    [
      '{count: "{{ one.result.n }}", list: "{{ one.result.l }}", on: "{{ w == \'5\' or w == 5 }}"}',
      { count: 4, list: [1, 'a'], on: true },
    ],
  ])('%s', async (parameters, expected) => {
    expect(await parametersOf(parameters, { config: { url: 'u' } })).toEqual(expected);
  });

  test('`publish` adds variables, which the result shows unless `display_published` is off', async () => {
    const text =
      'chain:\n  - {name: one, ref: demo.a, publish: {p: "{{ one.stdout }}", q: {l: ["{{ one.n }}"]}}, on-success: two}\n  - {name: two, ref: demo.b, parameters: {x: "{{ p }}{{ q.l }}"}}';
    const play = () => ({ result: { stdout: 'out', n: 1 } });
    const { runs, last } = await playChain(await open(text), play);
    expect(runs[1]?.parameters).toEqual({ x: "out['1']" });
    expect(last.result).toMatchObject({ published: { p: 'out', q: { l: ['1'] } } });
    const quiet = await playChain(await open(text, { runnerParameters: { display_published: false } }), play);
    expect(quiet.last.result).not.toHaveProperty('published');
  });
});

describe('a chain fails, and says where,', () => {
  test('when `vars` cannot be rendered', async () => {
    const decision = await (await open('vars: {v: "{{ nobody }}"}\nchain: []')).begin();
    expect(decision).toMatchObject({
      status: 'failed',
      result: { tasks: [], error: "Failed initializing ``vars`` in chain. UndefinedError: 'nobody' is undefined" },
    });
  });

  test.each([
    [
      'demo.b, parameters: {x: "{{ nobody }}"}',
      `Failed to run task "two". Parameter rendering failed. Failed rendering value for action parameter "x" in task "two" (template string={{ nobody }}): UndefinedError: 'nobody' is undefined`,
    ],
    [
      'demo.b, parameters: {count: many}',
      expect.stringContaining(
        'Failed to run task "two". Parameter rendering failed. `count` cannot be made an integer',
      ),
    ],
    [
      'gone.b',
      'Failed to run task "two". Action with reference "gone.b" doesn\'t exist. Task :: two - Action with ref gone.b not registered.',
    ],
  ])('at the task %s', async (task, error) => {
    const text = `chain:\n  - {name: one, ref: demo.a, on-success: two}\n  - {name: two, ref: ${task}, on-failure: one}`;
    const { runs, last } = await playChain(await open(text));
    expect(runs).toHaveLength(1);
    expect(last).toMatchObject({
      status: 'failed',
      result: { error, traceback: 'File "chain.yaml", line 3, in task "two"', tasks: [{ name: 'one' }] },
    });
  });

  test('when `publish` cannot be rendered, although the task succeeded', async () => {
    const text = 'chain:\n  - {name: one, ref: demo.a, publish: {x: "{{ nobody }}"}, on-success: one}';
    const { last } = await playChain(await open(text));
    expect(last).toMatchObject({
      status: 'failed',
      result: {
        error: expect.stringContaining('Failed rendering value for publish parameter "x" in task "one"'),
        tasks: [{ name: 'one', state: 'succeeded' }],
      },
    });
  });
});

describe('a chain is held', () => {
  test('by a pause once its task has ended, and goes on where it was', async () => {
    const chain = await open(TWO);
    const [one] = (await chain.begin()).run;
    expect(await chain.pause()).toEqual({ run: [], status: 'pausing' });
    expect(await chain.onEnd(ended(one, {}))).toEqual({ run: [], status: 'paused' });
    const again = await open(TWO, { state: chain.state });
    expect(await again.resume()).toMatchObject({ run: [{ task: 'two' }], status: 'running' });
  });

  test('by a question, until it is answered', async () => {
    const chain = await open(TWO);
    const [one] = (await chain.begin()).run;
    expect((await chain.onEnd(ended(one, {}, 'pending'))).status).toBe('paused');
    expect(await chain.resume()).toEqual({ run: [], status: 'paused' });
    expect(await chain.onEnd(ended(one, {}))).toMatchObject({ run: [{ task: 'two' }], status: 'running' });
  });

  test('by a cancel for good, once its task has ended', async () => {
    const chain = await open(TWO);
    const [one] = (await chain.begin()).run;
    expect((await chain.cancel()).status).toBe('canceling');
    expect(await chain.onEnd(ended(one, {}))).toMatchObject({
      run: [],
      status: 'canceled',
      result: { tasks: [{ name: 'one' }] },
    });
  });

  test('by a cancel at once when nothing runs', async () => {
    const chain = await open(TWO);
    const [one] = (await chain.begin()).run;
    await chain.pause();
    await chain.onEnd(ended(one, {}));
    expect((await chain.cancel()).status).toBe('canceled');
  });
});

describe('a chain that is over', () => {
  test('goes on from the task that failed', async () => {
    const text =
      'chain:\n  - {name: one, ref: demo.a, on-success: two}\n  - {name: two, ref: demo.b, on-success: three}\n  - {name: three, ref: demo.c}';
    const chain = await open(text);
    await playChain(chain, ({ task }) => ({ status: task === 'two' ? 'failed' : 'succeeded' }));
    const again = await open(text, { state: chain.state });
    const [two] = (await again.rerun(undefined, false)).run;
    expect(two).toMatchObject({ task: 'two', key: 'two.3' });
    const [three] = (await again.onEnd(ended(two, {}))).run;
    const last = await again.onEnd(ended(three, {}));
    expect(last).toMatchObject({
      status: 'succeeded',
      result: { tasks: [{ name: 'one' }, { name: 'two', state: 'succeeded' }, { name: 'three' }] },
    });
  });

  test('goes on from the task that it could not ask for, and from one that is named', async () => {
    const text =
      'chain:\n  - {name: one, ref: demo.a, on-success: two}\n  - {name: two, ref: demo.b, parameters: {x: "{{ nobody }}"}}';
    const chain = await open(text);
    await playChain(chain);
    expect(await chain.rerun([], false)).toMatchObject({ status: 'failed', result: { tasks: [{ name: 'one' }] } });
    expect(await chain.rerun(['one'], false)).toMatchObject({ run: [{ task: 'one' }], status: 'running' });
  });

  test('refuses what it cannot go on from', async () => {
    const chain = await open(TWO);
    await expect(chain.rerun(undefined, false)).rejects.toMatchObject({ code: 'workflow/rerun-refused' });
    await playChain(chain);
    await expect(chain.rerun(['one', 'two'], false)).rejects.toMatchObject({ code: 'workflow/rerun-refused' });
    await expect(chain.rerun(['mend'], false)).rejects.toMatchObject({ hint: 'those that ran: `one`, `two`' });
  });
});

test('a task tells its own `notify`, else that of the chain, unless it is to be skipped', async () => {
  const text =
    'chain:\n  - {name: a, ref: demo.a, notify: {on-success: {routes: [x]}}, on-success: b}\n  - {name: b, ref: demo.a, on-success: c}\n  - {name: c, ref: demo.a}';
  const notify = { 'on-complete': { routes: ['chain'] } };
  const { runs } = await playChain(await open(text, { notify, runnerParameters: { skip_notify: ['c'] } }));
  expect(runs.map((run) => run.notify)).toEqual([{ 'on-success': { routes: ['x'] } }, notify, undefined]);
});
