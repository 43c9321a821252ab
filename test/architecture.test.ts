import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasTopLevelAwait, readBundle } from './support/read-bundle.ts';
import { importsOf, partOf } from './support/read-imports.ts';

const SOURCES = globSync(['main/**/*.{ts,mjs}', 'preload/**/*.ts', 'renderer/**/*.{ts,tsx}']).sort();
const README = readFileSync('main/README.md', 'utf8');

type Row = { floor: string; code: readonly string[]; types: readonly string[]; packages: readonly string[] };

/** The table "Who may import whom" of `main/README.md`. */
const TABLE = new Map<string, Row>(
  sectionOf('Who may import whom').flatMap((line): [string, Row][] => {
    const [part = '', floor = '', code = '', types = '', packages = ''] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    const [name] = quoted(part);
    return name ? [[name, { floor, code: quoted(code), types: quoted(types), packages: quoted(packages) }]] : [];
  }),
);

function sectionOf(title: string): string[] {
  const section = README.split(/^## /m).find((text) => text.startsWith(`${title}\n`)) ?? '';
  return section.split('\n').filter((line) => line.startsWith('| `'));
}

function quoted(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
}

describe('imports', () => {
  test('keep to the table in `main/README.md`', () => {
    const forbidden: string[] = [];
    let checked = 0;
    for (const file of SOURCES) {
      const part = partOf(file);
      const row = TABLE.get(part);
      for (const found of importsOf(file)) {
        checked += 1;
        if (found.target === part) continue;
        const allowed = [
          ...(row?.code ?? []),
          ...(row?.packages ?? []),
          ...(found.typesOnly ? (row?.types ?? []) : []),
        ];
        if (found.isNode ? !['contract', 'renderer'].includes(part) : allowed.includes(found.target)) continue;
        forbidden.push(`${file} (${part}) imports ${found.typesOnly ? 'types of ' : ''}${found.specifier}`);
      }
    }
    expect(forbidden).toEqual([]);
    // A check that finds nothing to check is green too.
    expect(SOURCES.length).toBeGreaterThan(150);
    expect(checked).toBeGreaterThan(500);
  });

  test('lead downwards only: no row names a part of a higher floor', () => {
    const floorOf = (part: string) => Number(TABLE.get(part)?.floor);
    const climbing = [...TABLE].flatMap(([part, row]) =>
      row.code.filter((below) => floorOf(below) > floorOf(part)).map((below) => `${part} → ${below}`),
    );
    expect(climbing).toEqual([]);
  });

  test('are tabled for every part there is, and for no other', () => {
    const parts = new Set(SOURCES.map(partOf));
    expect([...TABLE.keys()].sort()).toEqual([...parts].sort());
  });
});

test('every dependency has its reason in `main/README.md`', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const explained = sectionOf('Dependencies').flatMap((line) => quoted(line.split('|')[1] ?? ''));
  expect(explained.sort()).toEqual([...Object.keys(dependencies), ...Object.keys(devDependencies)].sort());
});

test('no file is longer than 400 lines', () => {
  const files = [...SOURCES, ...globSync(['main/python/**/*.py', 'test/**/*.{ts,tsx}'])];
  const long = files.map((file) => ({ file, lines: lineCount(file) })).filter(({ lines }) => lines > 400);
  expect(long).toEqual([]);
});

function lineCount(file: string): number {
  return readFileSync(file, 'utf8').split('\n').length - 1;
}

const PRODUCT_WORDS = /^(pack|rule|sensor|trigger|action|execution|runner|enforcement|virtualenv)s?$/;

test('the kit knows no word of the product', () => {
  const files = SOURCES.filter((file) => partOf(file) === 'kit');
  const found = files.flatMap((file) => {
    // `packName` is two words, `packet` is one.
    const words = withoutComments(file).match(/[A-Z]?[a-z]+/g) ?? [];
    return words.filter((word) => PRODUCT_WORDS.test(word.toLowerCase())).map((word) => `${file}: ${word}`);
  });
  expect(found).toEqual([]);
  expect(files.length).toBeGreaterThan(5);
});

function withoutComments(file: string): string {
  return readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}

test('`process.env` is read by the hosts, the launcher and what runs in an action’s own process only', () => {
  const readers = SOURCES.filter((file) => withoutComments(file).includes('process.env')).map(partOf);
  expect(readers.filter((part) => !['electron', 'headless', 'launch', 'node'].includes(part))).toEqual([]);
  expect(readers.length).toBeGreaterThan(2);
});

test('what runs in a pack’s virtualenv imports the standard library and our own modules only', () => {
  const files = globSync('main/python/**/*.py');
  const imports: Record<string, string[]> = JSON.parse(
    execFileSync('python3', ['-c', LIST_FOREIGN_IMPORTS, 'main/python', 'main/python/st2'], { encoding: 'utf8' }),
  );
  const foreign = Object.entries(imports).flatMap(([file, modules]) =>
    // That service runs in an environment of its own.
    path.basename(file).startsWith('expressions_') ? [] : modules.map((module) => `${file}: ${module}`),
  );
  expect(foreign).toEqual([]);
  expect(Object.keys(imports)).toHaveLength(files.length);
  expect(files.length).toBeGreaterThan(10);
});

/**
 * Prints, for each file below the first folder, what it imports from outside of both folders and the standard library.
 * What it can do without (`except ImportError`) does not count.
 */
const LIST_FOREIGN_IMPORTS = `
import ast, json, os, sys
roots = sys.argv[1:]
own = {os.path.splitext(name)[0] for root in roots for name in os.listdir(root)}
known = own | set(sys.stdlib_module_names)
found = {}
for folder, _, names in os.walk(roots[0]):
    for name in names:
        if name.endswith('.py'):
            file = os.path.join(folder, name)
            modules = set()
            tree = ast.parse(open(file, encoding='utf-8').read())
            tries = [node for node in ast.walk(tree) if isinstance(node, ast.Try)]
            optional = {inner for node in tries if any('ImportError' in ast.dump(h) for h in node.handlers)
                        for statement in node.body for inner in ast.walk(statement)}
            for node in set(ast.walk(tree)) - optional:
                if isinstance(node, ast.Import):
                    modules.update(alias.name.split('.')[0] for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.level == 0:
                    modules.add(node.module.split('.')[0])
            found[file] = sorted(modules - known)
print(json.dumps(found))
`;

describe('the bundles', () => {
  const isBuilt = existsSync('out/main/desktop.js') && existsSync('out/main/cli.js');
  const whenBuilt = test.skipIf(!isBuilt);
  const note = isBuilt ? '' : ' (skipped: nothing is built; `npm test` builds first)';

  whenBuilt(`of the command line and the headless app never load Electron${note}`, () => {
    const bundle = readBundle('out/main/cli.js', 'all');
    expect(bundle.packages.filter((name) => name.startsWith('electron'))).toEqual([]);
    expect(bundle.files.length).toBeGreaterThan(3);
  });

  whenBuilt(`of the desktop app wait for nothing while Electron loads them${note}`, () => {
    const { files, packages } = readBundle('out/main/desktop.js', 'static');
    expect(files.filter((file) => hasTopLevelAwait(readFileSync(file, 'utf8')))).toEqual([]);
    expect(packages).toContain('electron');
    expect(files.length).toBeGreaterThan(1);
    expect(hasTopLevelAwait('const x = await y;')).toBe(true);
    expect(hasTopLevelAwait('async function f() { await y; }')).toBe(false);
  });
});
