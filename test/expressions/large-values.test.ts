import { expect, it } from 'vitest';
import type { Json, JsonObject } from '../../main/contract/json.ts';
import { KeptValues, LargeValues } from '../../main/expressions/large-values.ts';
import type { Scope } from '../../main/expressions/workflow-evaluator.ts';
import { startLineProcess } from '../../main/supervisor/line-process.ts';
import { testService } from '../support/expressions.ts';

const rows = (count: number) => Array.from({ length: count }, (_, id) => ({ id, text: `row number ${id}` }));
const scopeOf = (variables: JsonObject): Scope => ({ variables, result: null, taskNamed: () => undefined });

/** The service, and every line that was sent to its process. */
function watched() {
  const lines: string[] = [];
  const service = testService({
    startProcess: (options) => {
      const process = startLineProcess(options);
      const send = (line: string) => {
        lines.push(line);
        process.send(line);
      };
      return { ...process, send, kill: () => process.kill() };
    },
  });
  return { service, lines };
}

it('a large variable is sent once, however often it is read', async () => {
  const { service, lines } = watched();
  const scope = scopeOf({ data: rows(2000), x: 1 });
  for (let turn = 0; turn < 3; turn += 1) {
    const [yaql, jinja] = await service.evaluate(
      [{ value: '<% ctx(data).len() + ctx(x) %>' }, { value: '{{ ctx().data[1].text }}' }],
      scope,
    );
    expect([yaql?.value, jinja?.value]).toEqual([2001, 'row number 1']);
  }
  expect(lines.filter((line) => line.includes('row number 7'))).toHaveLength(1);
  await service[Symbol.asyncDispose]();
});

it('what Jinja does to it stays within its request', async () => {
  await using service = testService();
  const scope = scopeOf({ data: rows(2000) as Json });
  const step = { value: '{{ [ctx().data.append(1), ctx().data | length] }}' };
  expect((await service.evaluate([step], scope))[0]?.value).toEqual([null, 2001]);
  expect((await service.evaluate([step], scope))[0]?.value).toEqual([null, 2001]);
});

it('a process that follows another is sent it again', async () => {
  await using service = testService({ limits: { timeMs: 1000 } });
  const scope = scopeOf({ data: rows(2000) as Json });
  const never = service.evaluate([{ value: '<% ctx(data).len() + range(100000000).len() %>' }], scope);
  const after = service.evaluate([{ value: '<% ctx(data).len() %>' }], scope);
  await expect(never).rejects.toMatchObject({ code: 'expression/timeout' });
  expect((await after)[0]?.value).toBe(2000);
});

it('small ones are not taken out, and a process drops what it was sent longest ago', () => {
  const values = new LargeValues();
  expect(values.split({ a: [1], b: 'x'.repeat(100_000) })).toEqual({
    vars: { a: [1], b: 'x'.repeat(100_000) },
    large: new Map(),
  });
  const large = Array.from({ length: 5 }, () => [
    ...values.split({ v: ['y'.repeat(2_500_000)] }).large.values(),
  ]).flat();
  const kept = new KeptValues();
  const told = large.map((value) => kept.linesFor([value]).map((line) => line.slice(0, 12)));
  expect(told[0]).toEqual(['{"keep":1,"j']);
  expect(told[3]).toEqual(['{"forget":1}', expect.stringContaining('keep')]);
  expect(kept.linesFor([large[3] ?? { id: 0, value: null, size: 0 }])).toEqual([]);
});
