import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAst } from 'vite';

export type Bundle = {
  readonly files: readonly string[];
  /** What it leaves to be found at run time. */
  readonly packages: readonly string[];
};

/** The files of ours that a built file leads to, over imports of that kind. */
export function readBundle(entry: string, imports: 'all' | 'static'): Bundle {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string) => {
    if (files.has(file)) return;
    files.add(file);
    for (const specifier of specifiersIn(parseAst(readFileSync(file, 'utf8')), imports)) {
      if (specifier.startsWith('.')) visit(path.join(path.dirname(file), specifier));
      else packages.add(specifier);
    }
  };
  visit(entry);
  return { files: [...files], packages: [...packages] };
}

const STATIC = ['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration'];

function specifiersIn(tree: unknown, imports: 'all' | 'static'): string[] {
  return nodesOf(tree).flatMap((node) => {
    if (STATIC.includes(node.type)) return textOf(node.source);
    if (imports === 'static') return [];
    if (node.type === 'ImportExpression') return textOf(node.source);
    const isRequire = node.type === 'CallExpression' && isNode(node.callee) && node.callee.name === 'require';
    return isRequire && Array.isArray(node.arguments) ? textOf(node.arguments[0]) : [];
  });
}

/** Whether loading the code waits for something: an `await` outside of every function. */
export function hasTopLevelAwait(code: string): boolean {
  return nodesOf(parseAst(code), (node) => !node.type.includes('Function')).some(
    (node) => node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await === true),
  );
}

type Node = { readonly type: string; readonly [field: string]: unknown };

/** The node and all below it; `enter` tells of which nodes the inside counts. */
function nodesOf(value: unknown, enter: (node: Node) => boolean = () => true): Node[] {
  if (Array.isArray(value)) return value.flatMap((item) => nodesOf(item, enter));
  if (!isNode(value)) return [];
  const inside = enter(value) ? Object.values(value).flatMap((item) => nodesOf(item, enter)) : [];
  return [value, ...inside];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function textOf(literal: unknown): string[] {
  return isNode(literal) && typeof literal.value === 'string' ? [literal.value] : [];
}
