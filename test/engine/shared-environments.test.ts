import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Execution } from '../../main/contract/executions.ts';
import { isJsonObject, type JsonObject } from '../../main/contract/json.ts';
import { sitePackagesIn } from '../../main/packs/virtualenvs/site-packages.ts';
import { runProgram } from '../../main/supervisor/run-program.ts';
import { writeFiles } from '../packs/pack-stage.ts';
import { findTestPython } from '../support/python.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { FIXTURE_PACKS, ownEnvironment, startTestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

const OLD_PINS = path.join(FIXTURE_PACKS, 'old_pins');

type Module = { readonly version?: string; readonly file?: string; readonly missing?: string };
type Look = {
  readonly modules: Readonly<Record<string, Module>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly python_on_path: string;
  readonly executable: string;
  readonly path: readonly string[];
};

/** What the action of the pack found. */
function lookOf(execution: Execution): Look {
  const output = isJsonObject(execution.result) ? execution.result.result : undefined;
  if (!isJsonObject(output)) throw new Error(JSON.stringify(execution, undefined, 2));
  return output as JsonObject & Look;
}

test('old versions that a pack pins are what its action and its sensor get, and a module that only the base environment has is there', async () => {
  await using engine = await startTestEngine();
  await engine.install(OLD_PINS);
  const { modules } = lookOf(await engine.run('old_pins.look', { modules: ['requests', 'six', 'idna', 'simplejson'] }));
  const own = path.join(engine.home, 'data/virtualenvs/.versions/old_pins-');
  const base = path.join(engine.home, 'data/virtualenvs/.versions/base-environment-');
  expect(modules.requests).toEqual({ version: '2.25.1', file: expect.stringContaining(own) });
  expect(modules.six).toEqual({ version: '1.12.0', file: expect.stringContaining(own) });
  // Of another version in each of the two: what a pinned library pulls in is the pack's as well.
  expect(modules.idna?.file).toContain(own);
  expect(modules.simplejson?.file).toContain(base);

  const seen = await until('the sensor looked', async () => {
    const { items } = await engine.client.triggers.page({ limit: 10 });
    return items.find(({ trigger }) => trigger === 'old_pins.looked');
  });
  expect(seen.payload).toEqual({ requests: '2.25.1', six: '1.12.0', undeclared: expect.stringContaining(base) });
});

/** A virtualenv as a person has it, active: it knows a module that packs do not, and other versions of what they have. */
async function activated(folder: string) {
  const venv = path.join(folder, 'own-env');
  const args = ['-m', 'venv', '--without-pip', venv];
  const made = await runProgram({ command: await findTestPython(), args, env: {} }, new AbortController().signal);
  expect(made.exitCode).toBe(0);
  const site = sitePackagesIn(venv, process.platform) ?? '';
  const module = "__version__ = '999'\n";
  await writeFiles(site, { 'only_here.py': module, 'six.py': module, 'simplejson.py': module });
  await mkdir(path.join(folder, 'elsewhere'));
  await writeFiles(path.join(folder, 'elsewhere'), { 'six.py': module, 'from_pythonpath.py': module });
  const own = ownEnvironment();
  const PATH = `${path.join(venv, 'bin')}${path.delimiter}${own.PATH}`;
  const PYTHONPATH = path.join(folder, 'elsewhere');
  return { venv, site, environment: { ...own, PATH, PYTHONPATH, VIRTUAL_ENV: venv, PYTHONHOME: '/no/such/home' } };
}

const MODULES = ['six', 'simplejson', 'only_here', 'from_pythonpath'];

test('an app started in an activated virtualenv: children do not notice, yet find what only that one has, after all else', async () => {
  await using folder = await tempFolder();
  const { venv, site, environment } = await activated(folder.path);
  const interpreter = await findTestPython();
  await using engine = await startTestEngine({ environment, settings: { python: { interpreter } } });
  await engine.install(OLD_PINS);
  const look = lookOf(await engine.run('old_pins.look', { modules: MODULES }));
  expect(look.modules.six?.version).toBe('1.12.0');
  expect(look.modules.simplejson?.file).toContain('base-environment-');
  expect(look.modules.only_here?.version).toBe('999');
  expect(look.modules.from_pythonpath).toHaveProperty('missing');
  expect(look.path.at(-1)).toBe(site);

  expect(look.environment.PATH).not.toContain(venv);
  for (const name of ['PYTHONHOME', 'PYTHONPATH']) expect(look.environment).not.toHaveProperty(name);
  // As inside any virtualenv, but its own.
  expect(look.environment.VIRTUAL_ENV).toContain('old_pins-');
  expect(look.python_on_path).toBe(look.executable);
  expect(look.executable).toContain('old_pins-');
  const shell = await engine.run('core.local', { cmd: 'echo "inherits:$VIRTUAL_ENV$PYTHONPATH"' });
  expect(shell.result).toMatchObject({ stdout: 'inherits:' });

  await engine.client.settings.update({ python: { useActivatedEnvironment: false } });
  const off = lookOf(await engine.run('old_pins.look', { modules: MODULES }));
  expect(off.modules.only_here).toHaveProperty('missing');
});

test('of an environment with another minor version, whose compiled modules would not load, nothing is found', async () => {
  await using folder = await tempFolder();
  const { venv, environment } = await activated(folder.path);
  await writeFiles(venv, { 'pyvenv.cfg': 'home = /opt/python/bin\nversion = 3.7.1\n' });
  await using engine = await startTestEngine({ environment });
  await engine.install(OLD_PINS);
  const look = lookOf(await engine.run('old_pins.look', { modules: MODULES }));
  expect(look.modules.only_here).toHaveProperty('missing');
  await rm(venv, { recursive: true });
});
