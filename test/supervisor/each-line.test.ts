import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { eachLine } from '../../main/supervisor/each-line.ts';

test.each([
  ['lines in one piece', ['a\nb\n'], ['a', 'b']],
  ['a line in pieces', ['a', 'b', 'c\nd', '\n'], ['abc', 'd']],
  ['a last line without its end', ['a\nb'], ['a', 'b']],
  ['empty lines', ['\n\na\n'], ['', '', 'a']],
  ['ends of Windows', ['a\r\nb\r', '\n'], ['a', 'b']],
  ['a line longer than the limit', ['abcdefgh\ni\n'], ['abcd', 'efgh', 'i']],
  ['a long line in pieces', ['abc', 'defg\n'], ['abcd', 'efg']],
  ['a character that is split between pieces', [Buffer.from([0xc3]), Buffer.from([0xbc, 0x0a])], ['ü']],
])('%s', async (_, pieces, lines) => {
  const stream = new PassThrough();
  const seen: string[] = [];
  eachLine(stream, (line) => seen.push(line), 4);
  for (const piece of pieces) stream.write(piece);
  stream.end();
  await new Promise((resolve) => stream.once('close', resolve));
  expect(seen).toEqual(lines);
});
