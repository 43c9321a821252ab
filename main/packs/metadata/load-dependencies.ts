import type { Checked, Problem } from '../../contract/errors.ts';
import type { DataFile } from '../../kit/yaml-file.ts';

/** Another pack that a pack says it needs: `name`, `name=1.0.0`, or the address of a repository. */
export type Dependency = {
  /** As pack.yaml has it, and as it can be asked for. */
  readonly asked: string;
  /** Refs that the pack may turn out to have; for an address the likeliest first. */
  readonly refs: readonly string[];
  readonly version?: string;
};

/** `dependencies` of pack.yaml. What cannot be understood is left out with a warning: it must not stop the pack. */
export function loadDependencies(data: DataFile, value: unknown): Checked<Dependency[]> {
  if (value === undefined || value === null) return { value: [], problems: [] };
  if (!Array.isArray(value)) return { value: [], problems: [problem(data, [], 'must be a list', HINT)] };
  const dependencies: Dependency[] = [];
  const problems: Problem[] = [];
  for (const [index, item] of value.entries()) {
    const dependency = typeof item === 'string' ? readDependency(item.trim()) : undefined;
    if (dependency) dependencies.push(dependency);
    else problems.push(problem(data, [index], `has \`${shown(item)}\`, which names no pack`, HINT));
  }
  return { value: dependencies, problems };
}

const HINT = 'write each as `name`, `name=1.0.0` or the address of a git repository';

function readDependency(asked: string): Dependency | undefined {
  if (!/^[^\s=][^\s]*$/.test(asked)) return undefined;
  const at = asked.lastIndexOf('=');
  const [address, version] = at < 0 ? [asked] : [asked.slice(0, at), asked.slice(at + 1)];
  const refs = refsOf(address);
  if (version === '' || refs.length === 0) return undefined;
  return { asked, refs, ...(version !== undefined && { version }) };
}

/** A repository is called like its pack, often with `stackstorm-` in front, and with `-` where a ref has `_`. */
function refsOf(address: string): string[] {
  const last = address.replace(/\/+$/, '').split(/[/:]/).at(-1) ?? '';
  const name = last.replace(/\.git$/, '');
  if (address === last) return /^[\w.-]+$/.test(name) ? [...new Set([name, asRef(name)])] : [];
  const bare = name.replace(/^stackstorm[-_]/i, '');
  return [...new Set([asRef(bare), bare, name])].filter((ref) => ref !== '');
}

function asRef(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}

function shown(item: unknown): string {
  return typeof item === 'string' ? item : (JSON.stringify(item) ?? String(item));
}

function problem(data: DataFile, at: readonly number[], what: string, hint: string): Problem {
  return {
    severity: 'warning',
    code: 'pack/dependency-invalid',
    message: `\`dependencies\` of pack.yaml ${what}`,
    hint,
    file: data.file,
    line: data.lineOf(['dependencies', ...at]),
  };
}
