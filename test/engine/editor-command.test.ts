import { expect, test } from 'vitest';
import { editorCall, splitCommand } from '../../main/engine/editor-command.ts';

const call = (command: string, line?: number, file = '/a b/x.py') => {
  const { command: program, args } = editorCall(command, file, line);
  return [program, ...args];
};

test('a command is split at blanks, and quotes keep words together', () => {
  expect(splitCommand(`  "C:\\My Editor\\e.exe"  -n --at='{line} x' {file} `)).toEqual([
    'C:\\My Editor\\e.exe',
    '-n',
    '--at={line} x',
    '{file}',
  ]);
  expect(splitCommand('e "" x')).toEqual(['e', '', 'x']);
  expect(() => splitCommand('e "x')).toThrow('has no end');
});

test('what stands in a file’s name never becomes an argument, a line or another file', () => {
  expect(call('code -g {file}:{line}', 3, '/a {line} "; rm -rf {file}')).toEqual([
    'code',
    '-g',
    '/a {line} "; rm -rf {file}:3',
  ]);
});

test('without a line, what names it goes with its flag', () => {
  expect(call('code -g {file}:{line}')).toEqual(['code', '/a b/x.py']);
  expect(call('idea --line {line} {file}')).toEqual(['idea', '/a b/x.py']);
  expect(call('gvim -f +{line} {file}')).toEqual(['gvim', '-f', '/a b/x.py']);
  expect(call('open -a "Sublime Text" {file}')).toEqual(['open', '-a', 'Sublime Text', '/a b/x.py']);
});

test('a command without {file} gets the file at its end', () => {
  expect(call('subl -n', 4)).toEqual(['subl', '-n', '/a b/x.py']);
});

test('a command without a program is refused', () => {
  for (const command of ['', '{file}', '{file} x']) expect(() => call(command, 1)).toThrow('begins with no program');
});
