import { expect, test } from 'vitest';
import { readAnsi } from '../../renderer/ui/ansi.ts';

const ESC = '\u001b';

test('colours and weights of a terminal become styled spans', () => {
  const { spans, after } = readAnsi(`plain ${ESC}[1;31merror${ESC}[0m ${ESC}[42mok${ESC}[49m${ESC}[3;4mx`);
  expect(spans).toEqual([
    { text: 'plain ' },
    { text: 'error', bold: true, color: 'red' },
    { text: ' ' },
    { text: 'ok', background: 'green' },
    { text: 'x', italic: true, underline: true },
  ]);
  expect(after).toEqual({ italic: true, underline: true });
});

test('a style goes on in the next line until it is ended', () => {
  const { after } = readAnsi(`${ESC}[33mwarning`);
  expect(readAnsi(`still${ESC}[39m done`, after).spans).toEqual([
    { text: 'still', color: 'yellow' },
    { text: ' done' },
  ]);
});

test('bright, 256 and true colours become the nearest of the eight', () => {
  const colorOf = (codes: string) => readAnsi(`${ESC}[${codes}mx`).spans[0]?.color;
  expect([colorOf('92'), colorOf('38;5;196'), colorOf('38;5;250'), colorOf('38;2;40;80;240')]).toEqual([
    'green',
    'red',
    'white',
    'blue',
  ]);
  expect(readAnsi(`${ESC}[38;5;196;1mx`).spans).toEqual([{ text: 'x', color: 'red', bold: true }]);
});

test('what moves a cursor, sets a title or links is left out', () => {
  const line = `${ESC}[2K${ESC}[1Gdone ${ESC}]8;;http://x${ESC}\\here${ESC}]0;title\u0007`;
  expect(readAnsi(line).spans).toEqual([{ text: 'done ' }, { text: 'here' }]);
});
