import { expect, test } from 'vitest';
import type { OutputChunk } from '../../main/contract/executions.ts';
import { admitsExecution } from '../../renderer/client/history-filters.ts';
import { mergeRow, type Pages } from '../../renderer/client/merge-page.ts';
import { appendOutput } from '../../renderer/client/output-lines.ts';
import { reconnectDelayMs } from '../../renderer/client/reconnect-delay.ts';
import { tokenIn } from '../../renderer/client/session.ts';
import { ExecutionSearch, executionQuery } from '../../renderer/pages/history/history-search.ts';
import { flowOf } from '../../renderer/pages/home/flow.ts';
import { fakeHistory } from './fake-history.ts';

type Row = { id: string; at: string; word?: string };
const at = (row: Row) => row.at;

function pages(more: boolean, ...lists: Row[][]): Pages<Row> {
  const last = lists.length - 1;
  return { pages: lists.map((items, index) => ({ items, more: index < last || more })), pageParams: lists.map(String) };
}
function ids({ pages: lists }: Pages<Row>): string[] {
  return lists.flatMap(({ items }) => items.map(({ id }) => id));
}
const listed = pages(
  true,
  [
    { id: 'd', at: '4' },
    { id: 'c', at: '3' },
  ],
  [{ id: 'a', at: '1' }],
);

test('a new row comes first, and one that was late to its place', () => {
  expect(ids(mergeRow(listed, { id: 'e', at: '5' }, true, at))).toEqual(['e', 'd', 'c', 'a']);
  expect(ids(mergeRow(listed, { id: 'b', at: '2' }, true, at))).toEqual(['d', 'c', 'b', 'a']);
});

test('a changed row stays where it is', () => {
  const merged = mergeRow(listed, { id: 'c', at: '3', word: 'new' }, true, at);
  expect(ids(merged)).toEqual(['d', 'c', 'a']);
  expect(merged.pages[0]?.items[1]?.word).toBe('new');
});

test('a row that the filter no longer admits leaves the list, and one that it never did does not come', () => {
  expect(ids(mergeRow(listed, { id: 'c', at: '3' }, false, at))).toEqual(['d', 'a']);
  expect(mergeRow(listed, { id: 'z', at: '9' }, false, at)).toBe(listed);
});

test('a row older than all that were read waits for its page, unless there are no more pages', () => {
  expect(mergeRow(listed, { id: '0', at: '0' }, true, at)).toBe(listed);
  expect(ids(mergeRow(pages(false, [{ id: 'a', at: '1' }]), { id: '0', at: '0' }, true, at))).toEqual(['a', '0']);
});

test('after a merge the next page still begins behind the last row', () => {
  const merged = mergeRow(listed, { id: 'e', at: '5' }, true, at);
  expect(merged.pages.at(-1)).toMatchObject({ more: true });
  expect(merged.pages).toHaveLength(merged.pageParams.length);
});

function lines(...chunks: [OutputChunk['stream'], string][]): string[] {
  const given = chunks.map(([stream, text]) => ({ execution: 'x', stream, text }));
  return given
    .reduce<ReturnType<typeof appendOutput>>((printed, chunk) => appendOutput(printed, [chunk]), [])
    .map(({ text }) => text);
}

test('chunks that end anywhere become whole lines', () => {
  expect(lines(['stdout', 'one\ntw'], ['stdout', 'o\nthree'])).toEqual(['one', 'two', 'three']);
});

test('the two streams do not run into each other within a line', () => {
  expect(lines(['stdout', 'out'], ['stderr', 'err\n'], ['stdout', 'put\n'])).toEqual(['output', 'err']);
});

test('a progress bar that rewrites its line is one line, and a Windows line end rewrites nothing', () => {
  expect(lines(['stdout', '10 %\r50 %\r'], ['stdout', '100 %\n'])).toEqual(['100 %']);
  expect(lines(['stdout', 'a line\r'], ['stdout', '\nnext\r\n'])).toEqual(['a line', 'next']);
});

test('attempts to reconnect grow further apart up to five seconds', () => {
  const delays = [1, 2, 3, 10, 50].map((attempt) => reconnectDelayMs(attempt, 1));
  expect(delays).toEqual([250, 500, 1000, 5000, 5000]);
});

test('a token is read from the fragment that Stormlet prints, and from no other', () => {
  expect(tokenIn('#token=abc_-1')).toBe('abc_-1');
  expect(tokenIn('#/history')).toBeUndefined();
});

test('an execution is shown under the event that caused it, and by itself when none did', () => {
  const { executions, instances } = fakeHistory(Date.parse('2026-01-01T12:00:00Z'), 12);
  const [first] = executions;
  if (!first) throw new Error('the fake history is empty');
  const byHand = { ...first, id: 'by-hand', createdAt: '2026-01-02T00:00:00Z', context: { source: 'window' } as const };
  const flow = flowOf(instances, [...executions, byHand], 100);
  expect(flow[0]).toMatchObject({ id: 'by-hand', executions: [byHand] });
  expect(flow).toHaveLength(instances.length + 1);
  expect(flow.find(({ id }) => id === first.context.triggerInstance)?.executions).toEqual([first]);
});

test('a filter of the address admits the same executions as it asks for', () => {
  const [execution] = fakeHistory(Date.now(), 3).executions;
  if (!execution) throw new Error('the fake history is empty');
  const failed = executionQuery(ExecutionSearch.parse({ status: 'failed', action: 'examples.greet_file' }));
  expect(admitsExecution(failed, { ...execution, status: 'timeout' })).toBe(true);
  expect(admitsExecution(failed, { ...execution, status: 'succeeded' })).toBe(false);
  expect(executionQuery(ExecutionSearch.parse({ status: 'nonsense', action: '%%' }))).toEqual({});
});
