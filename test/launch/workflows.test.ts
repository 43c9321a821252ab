import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

type Step = { readonly run?: string; readonly uses?: string; readonly env?: Record<string, string> };
type Job = {
  readonly 'timeout-minutes'?: number;
  readonly strategy?: { readonly matrix: Record<string, unknown> };
  readonly env?: Record<string, string>;
  readonly steps: readonly Step[];
};

const FOLDER = '.github/workflows';

async function jobs(): Promise<[string, Job][]> {
  const files = await readdir(FOLDER);
  const read = await Promise.all(files.map(async (file) => parse(await readFile(path.join(FOLDER, file), 'utf8'))));
  return read.flatMap((workflow: { jobs: Record<string, Job> }, index) =>
    Object.entries(workflow.jobs).map(([name, job]): [string, Job] => [`${files[index]}: ${name}`, job]),
  );
}

test('the workflows run scripts that are there, and every job ends by itself', async () => {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8'));
  const all = await jobs();
  expect(all.length).toBeGreaterThan(4);
  for (const [name, job] of all) {
    expect(job['timeout-minutes'], name).toBeGreaterThan(0);
    const asked = job.steps.flatMap(({ run }) =>
      [...(run ?? '').matchAll(/npm (?:run )?([\w:]+)/g)].map(([, script]) => script),
    );
    expect(
      asked.filter((script) => !['ci', 'pack', ...Object.keys(scripts)].includes(script ?? '')),
      name,
    ).toEqual([]);
  }
});

test('the desktop app is run on three systems, where a missing Electron is a failure', async () => {
  const [, desktop] = (await jobs()).find(([name]) => name === 'ci.yml: desktop') ?? [];
  expect(desktop?.strategy?.matrix.os).toEqual(['ubuntu-latest', 'macos-latest', 'windows-latest']);
  expect(desktop?.env?.STORMLET_REQUIRE_ELECTRON).toBe('1');
  expect(desktop?.steps.some(({ run }) => run === 'npm run smoke:electron')).toBe(true);
});
