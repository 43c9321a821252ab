import { expect, test } from 'vitest';
import { shellArguments } from '../../main/runners/shell-arguments.ts';

const at = (position: number) => ({ position });

test('positional values come in order of their position, after the named ones', () => {
  expect(shellArguments({ b: at(1), a: at(0), name: {} }, { name: 'x', a: 'first', b: 'second' }, '--')).toEqual([
    '--name=x',
    'first',
    'second',
  ]);
});

test('a positional value keeps its place whatever it is', () => {
  const specs = { yes: at(0), no: at(1), none: at(2), list: at(3), map: at(4), number: at(5), empty: at(6) };
  const values = { yes: true, no: false, none: null, list: [1, 'b'], map: { k: [1] }, number: 1.5, empty: '' };
  expect(shellArguments(specs, values, '--')).toEqual(['1', '0', '', '1,b', '{"k":[1]}', '1.5', '']);
});

test('a named value that is false, null or empty is left out, and true is the flag alone', () => {
  const values = { yes: true, no: false, none: null, empty: '', zero: 0, text: 'a b' };
  expect(shellArguments({}, values, '--')).toEqual(['--yes', '--zero=0', '--text=a b']);
});

test('named arguments begin with the operator asked for', () => {
  expect(shellArguments({}, { verbose: true, level: 3 }, '-')).toEqual(['-verbose', '-level=3']);
});

test('a position of a parameter that belongs to the runner takes no place', () => {
  expect(shellArguments({ cwd: at(0), file: at(1) }, { file: 'x' }, '--')).toEqual(['x']);
});
