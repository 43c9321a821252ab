import { expect, test } from 'vitest';
import { inBatches } from '../../main/kit/in-batches.ts';

test('results come in the order of the items, and no more run at once than asked', async () => {
  let running = 0;
  let most = 0;
  const results = await inBatches([3, 1, 2, 5, 4], 2, async (item) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return item * 10;
  });
  expect(results).toEqual([30, 10, 20, 50, 40]);
  expect(most).toBe(2);
});
