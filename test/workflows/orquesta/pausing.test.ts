import { afterAll, describe, expect, it } from 'vitest';
import { rehearsals } from '../../support/orquesta.ts';

const { begin, end } = rehearsals();
afterAll(end);

const TWO = 'tasks: {a: {action: x.y, next: [{do: b}]}, b: {action: x.y}, c: {action: x.y}}';
const ITEMS =
  'tasks: {t: {with: {items: "<% list(0, 1, 2) %>", concurrency: 1}, action: x.y, next: [{do: u}]}, u: {action: x.y}}';

describe('pause', () => {
  it('waits for what runs, starts nothing, and goes on where it was', async () => {
    const rehearsal = await begin(TWO);
    expect((await rehearsal.pause()).status).toBe('pausing');
    expect((await rehearsal.end('a')).status).toBe('pausing');
    expect(await rehearsal.end('c')).toEqual({ run: [], status: 'paused' });
    const decision = await rehearsal.resume();
    expect(decision.status).toBe('running');
    expect(decision.run.map(({ task }) => task)).toEqual(['b']);
    expect((await rehearsal.finish()).status).toBe('succeeded');
  });

  it('keeps the remaining items back', async () => {
    const rehearsal = await begin(ITEMS);
    await rehearsal.pause();
    expect(await rehearsal.end()).toEqual({ run: [], status: 'paused' });
    await rehearsal.resume();
    await rehearsal.finish();
    expect(rehearsal.started).toEqual(['t[0]', 't[1]', 't[2]', 'u']);
  });

  it('of the last task leaves the workflow to succeed when it is resumed', async () => {
    const rehearsal = await begin('tasks: {a: {action: x.y}}\noutput: [{o: 1}]');
    await rehearsal.pause();
    expect((await rehearsal.end()).status).toBe('paused');
    expect(await rehearsal.resume()).toEqual({ run: [], status: 'succeeded', result: { output: { o: 1 } } });
  });

  it('does not forget a `fail`', async () => {
    const rehearsal = await begin('tasks: {a: {action: x.y, next: [{do: fail}]}}');
    await rehearsal.pause();
    expect((await rehearsal.end()).status).toBe('failed');
  });

  it('keeps a retry back', async () => {
    const rehearsal = await begin('tasks: {a: {action: x.y, retry: {count: 1}}}');
    await rehearsal.pause();
    expect((await rehearsal.end('a', { status: 'failed' })).status).toBe('paused');
    expect((await rehearsal.resume()).run.map(({ task }) => task)).toEqual(['a']);
  });

  it('that is taken back before all has ended changes nothing', async () => {
    const rehearsal = await begin(TWO);
    await rehearsal.pause();
    expect((await rehearsal.resume()).status).toBe('running');
    await rehearsal.finish();
    expect(rehearsal.started).toEqual(['a', 'c', 'b']);
  });
});

describe('cancel', () => {
  it('is over once what runs has ended, and starts nothing', async () => {
    const rehearsal = await begin(TWO);
    expect((await rehearsal.cancel()).status).toBe('canceling');
    expect((await rehearsal.end('a', { status: 'canceled' })).status).toBe('canceling');
    expect(await rehearsal.end('c')).toEqual({ run: [], status: 'canceled', result: { output: null } });
    expect(rehearsal.started).toEqual(['a', 'c']);
  });

  it('ends items where they are', async () => {
    const rehearsal = await begin(ITEMS);
    await rehearsal.cancel();
    expect((await rehearsal.end()).status).toBe('canceled');
    expect(rehearsal.started).toEqual(['t[0]']);
  });

  it('of a paused workflow is over at once', async () => {
    const rehearsal = await begin('tasks: {a: {action: x.y, next: [{do: b}]}, b: {action: x.y}}');
    await rehearsal.pause();
    await rehearsal.end('a');
    expect((await rehearsal.cancel()).status).toBe('canceled');
  });

  it('of one task cancels the workflow', async () => {
    const rehearsal = await begin('tasks: {a: {action: x.y, next: [{do: b}]}, b: {action: x.y}}');
    expect((await rehearsal.end('a', { status: 'canceled' })).status).toBe('canceled');
    expect(rehearsal.started).toEqual(['a']);
  });
});

describe('a question that waits for a person', () => {
  const ASK =
    'tasks: {a: {action: core.ask, next: [{when: <% succeeded() %>, publish: [{r: <% result().response %>}], do: b}]}, b: {action: x.y, input: {r: <% ctx(r) %>}}}';

  it('pauses the workflow, and the answer lets it go on', async () => {
    const rehearsal = await begin(ASK);
    expect((await rehearsal.end('a', { status: 'pending' })).status).toBe('paused');
    const decision = await rehearsal.end('a', { result: { response: { yes: true } } });
    expect(decision.run).toMatchObject([{ task: 'b', parameters: { r: { yes: true } } }]);
    expect(decision.status).toBe('running');
  });

  it('lets other branches end what they do, and no more until it is answered', async () => {
    const rehearsal = await begin(`${ASK.slice(0, -1)}, c: {action: x.y, next: [{do: d}]}, d: {action: x.y}}`);
    expect((await rehearsal.end('a', { status: 'pending' })).status).toBe('pausing');
    expect((await rehearsal.end('c')).status).toBe('paused');
    const decision = await rehearsal.end('a', { result: { response: 1 } });
    expect(decision.run.map(({ task }) => task)).toEqual(['b', 'd']);
  });

  it('whose time is over fails the workflow', async () => {
    const rehearsal = await begin(ASK);
    await rehearsal.end('a', { status: 'pending' });
    expect((await rehearsal.end('a', { status: 'timeout' })).status).toBe('failed');
  });

  it('does not end the pause that a person asked for', async () => {
    const rehearsal = await begin(ASK);
    await rehearsal.end('a', { status: 'pending' });
    await rehearsal.pause();
    expect((await rehearsal.end('a', { result: { response: 1 } })).status).toBe('paused');
    expect((await rehearsal.resume()).run).toHaveLength(1);
  });

  it('among items holds the rest back and then lets them go on', async () => {
    const rehearsal = await begin('tasks: {t: {with: {items: "<% list(1, 2) %>", concurrency: 1}, action: core.ask}}');
    expect((await rehearsal.end('t[0]', { status: 'pending' })).status).toBe('paused');
    expect((await rehearsal.end('t[0]')).run.map(({ item }) => item)).toEqual([1]);
    expect((await rehearsal.finish()).status).toBe('succeeded');
  });

  it('is one of two: the workflow goes on with what one answer allows, and is paused again', async () => {
    const rehearsal = await begin(
      'tasks: {a: {action: core.ask, next: [{do: b}]}, c: {action: core.ask, next: [{do: d}]}, b: {action: x.y}, d: {action: x.y}}',
    );
    await rehearsal.end('a', { status: 'pending' });
    await rehearsal.end('c', { status: 'pending' });
    expect((await rehearsal.end('a')).run.map(({ task }) => task)).toEqual(['b']);
    expect((await rehearsal.end('b')).status).toBe('paused');
    await rehearsal.end('c');
    expect((await rehearsal.end('d')).status).toBe('succeeded');
  });
});
