import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { appNode, installationState, toolScript } from '../../main/launch/set-up.mjs';
import { tempFolder } from '../support/temp-folder.ts';

type Locked = Record<string, { version?: string; optional?: boolean; devOptional?: boolean }>;

async function stateWith(wanted: Locked, installed: Locked | undefined) {
  await using folder = await tempFolder();
  await mkdir(path.join(folder.path, 'node_modules'));
  const write = (name: string, packages: Locked) =>
    writeFile(path.join(folder.path, name), JSON.stringify({ lockfileVersion: 3, packages }));
  await write('package-lock.json', { '': { version: '0.1.0' }, ...wanted });
  if (installed) await write('node_modules/.package-lock.json', installed);
  return installationState(folder.path);
}

const ONE = { version: '1.0.0' };

describe('the dependencies', () => {
  test('are missing where npm never finished an installation', async () => {
    expect(await stateWith({ 'node_modules/a': ONE }, undefined)).toBe('missing');
  });

  test('are current when every locked package is there in its version', async () => {
    const both = { 'node_modules/a': ONE, 'node_modules/a/node_modules/b': ONE };
    expect(await stateWith(both, both)).toBe('current');
  });

  test('are stale when one has another version or is not there', async () => {
    expect(await stateWith({ 'node_modules/a': { version: '1.0.1' } }, { 'node_modules/a': ONE })).toBe('stale');
    expect(await stateWith({ 'node_modules/a': ONE, 'node_modules/b': ONE }, { 'node_modules/a': ONE })).toBe('stale');
  });

  test('are current without the packages of other platforms', async () => {
    const wanted = { 'node_modules/a': ONE, 'node_modules/a-win32': { ...ONE, optional: true } };
    expect(await stateWith(wanted, { 'node_modules/a': ONE })).toBe('current');
  });

  test('are current in this checkout, whose tests run', () => {
    expect(installationState(process.cwd())).toBe('current');
  });
});

test('the app runs on the Node of its dependencies', () => {
  expect(appNode()).toBe(process.execPath);
});

test('a Node that is too old is refused with what to do, one that is new enough is taken', async () => {
  await using folder = await tempFolder();
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 24) expect(appNode(folder.path)).toBe(process.execPath);
  else expect(() => appNode(folder.path)).toThrow('the app needs Node 24');
});

test('a tool is found by its package, whatever it calls its script', () => {
  expect(toolScript('vitest')).toBe(path.resolve('node_modules/vitest/vitest.mjs'));
  expect(toolScript('@biomejs/biome')).toBe(path.resolve('node_modules/@biomejs/biome/bin/biome'));
  expect(toolScript('typescript', 'tsc')).toBe(path.resolve('node_modules/typescript/bin/tsc'));
});
