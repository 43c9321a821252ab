import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HeadlessApp, startHeadlessApp, stormlet } from '../support/headless-app.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { FIXTURE_PACKS } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

let home: Awaited<ReturnType<typeof tempFolder>>;
let app: HeadlessApp;
beforeAll(async () => {
  home = await tempFolder();
  app = await startHeadlessApp(home.path);
  await stormlet(app, 'pack', 'install', path.join(FIXTURE_PACKS, 'chained'));
});
afterAll(async () => {
  await app?.[Symbol.asyncDispose]();
  await home?.[Symbol.asyncDispose]();
});

describe.skipIf(process.platform === 'win32')('in the terminal a workflow', () => {
  test('shows its tasks as they begin and end, and afterwards as a tree', async () => {
    const { stderr, exitCode } = await stormlet(app, 'action', 'run', 'chained.mend');
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/… break \(core.local\) running\n✗ break \(core.local\) failed.*\n… mend .*\n✓ mend/);
    const id = /execution (\S+)/.exec(stderr)?.[1] ?? '';
    const { stdout } = await stormlet(app, 'execution', 'get', id);
    expect(stdout).toMatch(/tasks\n {2}break \(core.local\) failed.*: \S+\n {2}mend \(core.local\) succeeded/);
  });

  test('is paused, resumed and run on from its failed task', async () => {
    const started = await stormlet(app, 'action', 'run', '--no-wait', 'chained.gate', `folder=${home.path}`);
    const id = started.stdout.trim();
    await until('it runs', async () => (await app.client.executions.children({ id })).length > 0);
    expect((await stormlet(app, 'execution', 'pause', id)).stdout).toBe(`${id} is pausing\n`);
    expect((await stormlet(app, 'execution', 'resume', id)).stdout).toBe(`${id} is resuming\n`);
    await stormlet(app, 'execution', 'cancel', id);
    await until('it is over', async () => (await app.client.executions.get({ id })).status === 'canceled');
    const args = ['execution', 'rerun', '--failed', '--no-wait', id];
    const again = (await stormlet(app, ...args)).stdout.trim();
    expect(await app.client.executions.get({ id: again })).toMatchObject({ context: { rerunOf: id, source: 'cli' } });
    await app.client.executions.cancel({ id: again });
  });

  test('is looked at before it runs', async () => {
    const good = await stormlet(app, 'workflow', 'inspect', 'chained.mend');
    expect(good).toMatchObject({
      exitCode: 0,
      stdout: 'break (core.local), start\n  → mend: on-failure\nmend (core.local)\n',
    });
    const broken = await stormlet(app, 'workflow', 'inspect', 'chained.broken');
    expect(broken.exitCode).toBe(1);
    expect(broken.stdout).toMatch(/^error: .*broken.yaml:5: `on-success` of `one` names `nowhere`/);
    expect((await stormlet(app, 'workflow', 'inspect', 'core.noop')).stderr).toContain('is no workflow');
  });
});
