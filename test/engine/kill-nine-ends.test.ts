import { expect, test } from 'vitest';
import { type Execution, isCompleted } from '../../main/contract/executions.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import type { TriggerInstance } from '../../main/contract/triggers.ts';
import { type HeadlessApp, startHeadlessApp } from '../support/headless-app.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const ACTION_ENDED = 'core.st2.generic.actiontrigger';
const SHELL = 'core.local' as ResourceRef;
const NOOP = 'core.noop' as ResourceRef;

test('after a kill -9 each end of an action has its event, and each event its rule’s action, once', async () => {
  await using home = await tempFolder();
  {
    await using app = await startHeadlessApp(home.path);
    await addRule(app);
    for (let n = 0; n < 200; n += 1) {
      void app.client.executions.run({ action: SHELL, parameters: { cmd: 'true' } }).catch(() => {});
    }
    // In the middle of them.
    await until('some have ended', async () => (await ended(app)).length > 20);
    await app.kill();
  }
  await using app = await startHeadlessApp(home.path);
  const after = await until('all has ended', async () => {
    const all = await allOf(app);
    return all.executions.every(({ status }) => isCompleted(status)) &&
      all.events.every(({ status }) => status === 'processed')
      ? all
      : undefined;
  });
  const ran = after.executions.filter(({ action }) => action === SHELL);
  const told = after.events.map(({ payload }) => (payload as { execution_id: string }).execution_id);
  expect(ran.length).toBeGreaterThan(20);
  expect(ran.filter(({ id }) => told.filter((other) => other === id).length !== 1)).toEqual([]);
  const answered = after.executions.filter(({ action }) => action === NOOP).map((e) => e.context.triggerInstance);
  for (const { id } of ran) expect(answered.filter((event) => event?.startsWith(`action:${id}:`))).toHaveLength(1);
});

async function addRule({ client }: Pick<HeadlessApp, 'client'>): Promise<void> {
  await client.rules.create({
    name: 'on_end',
    trigger: ACTION_ENDED as ResourceRef,
    criteria: { 'trigger.action_ref': { type: 'eq', pattern: SHELL } },
    action: NOOP,
    parameters: {},
  });
}

async function ended({ client }: HeadlessApp): Promise<readonly Execution[]> {
  return (await client.executions.page({ action: SHELL, status: ['succeeded'], limit: 500 })).items;
}

async function allOf({ client }: HeadlessApp) {
  const executions: Execution[] = [];
  const events: TriggerInstance[] = [];
  for (let before: string | undefined, more = true; more; ) {
    const page = await client.executions.page({ limit: 500, ...(before && { before }) });
    executions.push(...page.items);
    ({ more, next: before } = page);
  }
  for (let before: string | undefined, more = true; more; ) {
    const page = await client.triggers.page({ trigger: ACTION_ENDED, limit: 500, ...(before && { before }) });
    events.push(...page.items);
    ({ more, next: before } = page);
  }
  return { executions, events: events.filter(isOfShell) };
}

function isOfShell({ payload }: TriggerInstance): boolean {
  return (payload as { action_ref: string }).action_ref === SHELL;
}
