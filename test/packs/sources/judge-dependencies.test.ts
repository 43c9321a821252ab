import { expect, test } from 'vitest';
import { parseDataFile } from '../../../main/kit/yaml-file.ts';
import type { Dependency } from '../../../main/packs/metadata/load-dependencies.ts';
import { loadManifest } from '../../../main/packs/metadata/load-manifest.ts';
import {
  type DependencyVerdict,
  dependencyFault,
  judgeDependencies,
  type KnownPack,
} from '../../../main/packs/sources/judge-dependencies.ts';

/** As pack.yaml has them. */
function load(...lines: string[]) {
  const text = `name: a\ndependencies:\n${lines.map((line) => `  - ${line}\n`).join('')}`;
  const { value } = parseDataFile('pack.yaml', text);
  if (!value) throw new Error('the test has broken YAML');
  const { value: manifest, problems } = loadManifest(value);
  return { dependencies: manifest?.dependencies ?? [], problems };
}

const judge = (known: KnownPack[], lines: string[], path = ['a']) =>
  judgeDependencies([{ ref: 'a', version: '1.0.0' }, ...known], load(...lines).dependencies, path);
const kinds = (verdicts: DependencyVerdict[]) => verdicts.map(({ kind }) => kind);

test.each<[string, Omit<Dependency, 'asked'>]>([
  ['core', { refs: ['core'] }],
  ['aws=1.0.0', { refs: ['aws'], version: '1.0.0' }],
  ['hpe-icsp', { refs: ['hpe-icsp', 'hpe_icsp'] }],
  ['owner/stackstorm-aws=v2', { refs: ['aws', 'stackstorm-aws'], version: 'v2' }],
  ['https://host/o/stackstorm-my-pack.git', { refs: ['my_pack', 'my-pack', 'stackstorm-my-pack'] }],
  ['git@host:o/x.git=main', { refs: ['x'], version: 'main' }],
  ['file:///tmp/x', { refs: ['x'] }],
])('the dependency `%s` is understood', (asked, expected) => {
  expect(load(`'${asked}'`)).toEqual({ dependencies: [{ asked, ...expected }], problems: [] });
});

test.each(['{a: 1}', '3', "''", "'=1.0'", "'aws='", "'two words'"])(
  'the malformed dependency %s is left out, with its line',
  (line) => {
    const { dependencies, problems } = load('core', line, 'aws');
    expect(dependencies.map(({ asked }) => asked)).toEqual(['core', 'aws']);
    expect(problems).toMatchObject([{ severity: 'warning', code: 'pack/dependency-invalid', line: 4 }]);
  },
);

test('dependencies that are no list are a warning, and none at all are fine', () => {
  const of = (text: string) => {
    const { value } = parseDataFile('pack.yaml', `name: a\n${text}`);
    return value && loadManifest(value);
  };
  expect(of('dependencies: core\n')).toMatchObject({ problems: [{ severity: 'warning', line: 2 }] });
  expect(of('dependencies: null\n')).toMatchObject({ value: { dependencies: [] }, problems: [] });
});

test('what StackStorm brings along and what is there already is satisfied', () => {
  const known = [{ ref: 'aws', version: '1.0.0' }];
  expect(kinds(judge(known, ['core', 'linux', 'chatops', 'default', 'aws', 'owner/stackstorm-aws']))).toEqual(
    Array(6).fill('satisfied'),
  );
});

test('what is not there is to be fetched, once', () => {
  const verdicts = judge([], ['aws', 'owner/stackstorm-jira=v1.0.0', 'aws']);
  expect(kinds(verdicts)).toEqual(['fetch', 'fetch', 'satisfied']);
  expect(verdicts[1]?.dependency.asked).toBe('owner/stackstorm-jira=v1.0.0');
});

test.each([
  ['1.0.0', undefined, 'satisfied'],
  ['v1.0.0', undefined, 'satisfied'],
  ['1.0', undefined, 'satisfied'],
  ['1.1.0', undefined, 'conflict'],
  ['main', undefined, 'conflict'],
  ['main', ['main', 'abc123'], 'satisfied'],
  ['abc123', ['main', 'abc123'], 'satisfied'],
])('`aws=%s` with 1.0.0 from %s there: %s', (version, from, kind) => {
  const known = { ref: 'aws', version: '1.0.0', ...(from && { from }) };
  expect(kinds(judge([known], [`aws=${version}`]))).toEqual([kind]);
});

test('one pack at two versions is a conflict, and the message has both', () => {
  const [, second] = judge([], ['aws=1.0.0', 'aws=2.0.0']);
  expect(second && dependencyFault(second, ['a'])).toMatchObject({
    code: 'pack/dependency-conflict',
    message: '`a` needs `aws` at `2.0.0`, and it is there at `1.0.0`',
  });
});

test('packs that need each other are a circle, which is no fault', () => {
  const known = [{ ref: 'b', version: '1.0.0' }];
  const [verdict] = judge(known, ['a'], ['a', 'b']);
  expect(verdict).toMatchObject({ kind: 'cyclic', circle: ['a', 'b', 'a'] });
  expect(verdict && dependencyFault(verdict, ['a', 'b'])).toBeUndefined();
});

test('more than ten levels are too deep', () => {
  const path = Array.from({ length: 11 }, (_, level) => `p${level}`);
  expect(kinds(judge([], ['aws'], path.slice(0, 10)))).toEqual(['fetch']);
  const [verdict] = judge([], ['aws'], path);
  expect(verdict && dependencyFault(verdict, path)).toMatchObject({
    code: 'pack/dependency-too-deep',
    message: expect.stringContaining('p0 → p1'),
  });
});
