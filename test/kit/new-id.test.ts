import { expect, test } from 'vitest';
import { newId } from '../../main/kit/new-id.ts';
import { until } from '../support/until.ts';

test('ids are UUIDs of version 7, and none comes twice', () => {
  const ids = Array.from({ length: 1000 }, () => newId());
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a later id sorts behind an earlier one', async () => {
  const first = newId();
  const begun = Date.now();
  await until('the clock has moved on', () => Date.now() > begun);
  expect(newId() > first).toBe(true);
});
