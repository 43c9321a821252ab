import { readFileSync } from 'node:fs';
import path from 'node:path';

export type FoundImport = {
  readonly specifier: string;
  /** A part of ours (`contract`, `engine.ts`, `renderer`), or an npm package. */
  readonly target: string;
  readonly isNode: boolean;
  /** Nothing of it is loaded: all that is taken is types. */
  readonly typesOnly: boolean;
};

/** The folder or file of `main/` that a source belongs to, or its top-level folder. */
export function partOf(file: string): string {
  const [top = '', second = ''] = file.split(path.sep).join('/').split('/');
  return top === 'main' ? second : top;
}

const STATEMENT =
  /^[ \t]*(?:import|export)\s+(type\s)?(?:([^'";]*?)\s*from\s+)?'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;

/** Every import and re-export of a file, static or dynamic. */
export function importsOf(file: string): FoundImport[] {
  return [...readFileSync(file, 'utf8').matchAll(STATEMENT)].map((match) => {
    const [, type, names, staticSpecifier, dynamicSpecifier] = match;
    const specifier = staticSpecifier ?? dynamicSpecifier ?? '';
    return {
      specifier,
      target: targetOf(file, specifier),
      isNode: specifier.startsWith('node:'),
      typesOnly: type !== undefined || (names !== undefined && takesTypesOnly(names)),
    };
  });
}

function targetOf(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return partOf(path.join(path.dirname(file), specifier));
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** `{ type A, type B }` */
function takesTypesOnly(names: string): boolean {
  const inside = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1];
  const each = inside?.split(',').map((name) => name.trim());
  return each?.filter((name) => name !== '').every((name) => name.startsWith('type ')) ?? false;
}
