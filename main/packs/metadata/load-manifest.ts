import { z } from 'zod';
import type { Checked, Problem } from '../../contract/errors.ts';
import { isJsonObject } from '../../contract/json.ts';
import { PackRef } from '../../contract/refs.ts';
import { isInRange } from '../../kit/semantic-version.ts';
import type { DataFile } from '../../kit/yaml-file.ts';
import { type Dependency, loadDependencies } from './load-dependencies.ts';
import { STACKSTORM_VERSION } from './stackstorm-version.ts';

/** pack.yaml, as far as the app uses it. Unknown keys are allowed, as in StackStorm. */
export type PackManifest = {
  readonly ref: PackRef;
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly author: string;
  readonly keywords: readonly string[];
  /** `['3']`, `['2', '3']`; empty where pack.yaml does not say. */
  readonly pythonVersions: readonly string[];
  /** `>=3.0.0, <4`; empty where pack.yaml does not say. */
  readonly stackstormVersion: string;
  /** Packs that it says it needs. */
  readonly dependencies: readonly Dependency[];
};

/** Loose, because real packs are: a version without quotes is a number, an absent e-mail is null. */
const text = z.union([z.string(), z.number().transform(String), z.null().transform(() => '')]).default('');
const texts = z.array(z.union([z.string(), z.number().transform(String)]));
const FIELDS = {
  description: text,
  version: text,
  author: text,
  keywords: z.union([texts, z.null().transform(() => [])]).default([]),
  stackstorm_version: text,
  python_versions: z.union([texts, z.null().transform(() => [])]).default([]),
};

export function loadManifest(data: DataFile): Checked<PackManifest> {
  const { file, value } = data;
  if (!isJsonObject(value)) {
    return { problems: [error(file, 1, 'pack.yaml must be a map with `name`, `version` and `author`')] };
  }
  const { name } = value;
  if (typeof name !== 'string' || name === '') {
    const hint = 'write `name: my_pack`';
    return { problems: [{ ...error(file, data.lineOf(['name']), 'pack.yaml has no `name`'), hint }] };
  }
  const ref = PackRef.safeParse(value.ref ?? name);
  if (!ref.success) return { problems: [refProblem(data, value.ref, name)] };

  const problems: Problem[] = [];
  function field<K extends keyof typeof FIELDS>(key: K): z.output<(typeof FIELDS)[K]> {
    const parsed = FIELDS[key].safeParse(isJsonObject(value) ? value[key] : undefined);
    if (parsed.success) return parsed.data as z.output<(typeof FIELDS)[K]>;
    problems.push({ ...error(file, data.lineOf([key]), `\`${key}\` of pack.yaml is not usable`), severity: 'warning' });
    return FIELDS[key].parse(undefined) as z.output<(typeof FIELDS)[K]>;
  }
  const dependencies = loadDependencies(data, value.dependencies);
  problems.push(...dependencies.problems);
  const manifest: PackManifest = {
    ref: ref.data,
    name,
    description: field('description'),
    version: field('version'),
    author: field('author'),
    keywords: field('keywords'),
    pythonVersions: field('python_versions'),
    stackstormVersion: field('stackstorm_version').trim(),
    dependencies: dependencies.value ?? [],
  };
  if (isInRange(STACKSTORM_VERSION, manifest.stackstormVersion || 'all') === undefined) {
    problems.push(rangeProblem(data, manifest.stackstormVersion));
  }
  return { value: manifest, problems };
}

function refProblem(data: DataFile, ref: unknown, name: string): Problem {
  const given = ref ?? name;
  const key = ref === undefined || ref === null ? 'name' : 'ref';
  return {
    ...error(data.file, data.lineOf([key]), `a pack's ref holds only a-z, 0-9 and _, got \`${String(given)}\``),
    hint: key === 'name' ? 'add a `ref` beside the `name`, for example `ref: my_pack`' : 'choose another `ref`',
  };
}

function rangeProblem(data: DataFile, range: string): Problem {
  const message = `\`stackstorm_version\` of pack.yaml is no range of versions: \`${range}\``;
  const place = error(data.file, data.lineOf(['stackstorm_version']), message);
  return { ...place, severity: 'warning', hint: 'write it like `stackstorm_version: ">=3.0.0, <4.0.0"`' };
}

function error(file: string, line: number, message: string): Problem {
  return { severity: 'error', code: 'pack/manifest-invalid', message, file, line };
}
