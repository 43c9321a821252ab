import { expect, test } from 'vitest';
import { nestingDepth } from '../../main/kit/nesting-depth.ts';

test.each([
  ['5', 0],
  ['"[[["', 0],
  ['"\\"[[["', 0],
  ['{}', 1],
  ['[[], [], {"a": [1, {"b": "]"}]}]', 4],
  ['{"[": ["\\\\", [[]]]}', 4],
  ['"never closed [[', 0],
])('%s nests %i deep', (text, depth) => {
  expect(nestingDepth(Buffer.from(text))).toBe(depth);
});

test('a million brackets are counted and nothing breaks', () => {
  expect(nestingDepth(Buffer.alloc(1_000_000, '['))).toBe(1_000_000);
});
