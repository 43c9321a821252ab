import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WorkflowGraph } from '../../main/contract/workflows.ts';
import { taskRuns } from '../../renderer/pages/workflows/task-runs.ts';
import { layoutTasks } from '../../renderer/pages/workflows/workflow-layout.ts';
import { needs } from '../support/needs.ts';
import { workflowExecutions } from './fake-workflows.ts';
import { goTo, type OpenWindow, picture, WindowStage } from './open-window.ts';

function graphOf(...edges: [string, string][]): WorkflowGraph {
  const names = [...new Set(edges.flat())];
  const nodes = names.map((task, index) => ({ task, start: index === 0, items: false }));
  return { nodes, edges: edges.map(([from, to]) => ({ from, to })) };
}

function columns(graph: WorkflowGraph): Record<string, number> {
  return Object.fromEntries(layoutTasks(graph).map(({ task, column }) => [task, column]));
}

test('each task stands behind all that lead to it', () => {
  expect(columns(graphOf(['a', 'b'], ['a', 'c'], ['b', 'd'], ['a', 'd']))).toEqual({ a: 0, b: 1, c: 1, d: 2 });
});

test('a way back does not push its beginning to the end', () => {
  expect(columns(graphOf(['a', 'b'], ['b', 'c'], ['c', 'a']))).toEqual({ a: 0, b: 1, c: 2 });
  expect(columns(graphOf(['a', 'a'], ['a', 'b']))).toEqual({ a: 0, b: 1 });
});

test('no two tasks share a place, also in a graph of hundreds', () => {
  const edges = Array.from({ length: 300 }, (_, index): [string, string] => [`t${index >> 1}`, `t${index + 1}`]);
  const places = layoutTasks(graphOf(...edges)).map(({ column, row }) => `${column} ${row}`);
  expect(new Set(places).size).toBe(places.length);
});

test('a task is as its worst item, and one that ran again as its last run', () => {
  const [, ...children] = workflowExecutions(0);
  const runs = taskRuns(children);
  expect(runs.get('pack')).toMatchObject({ status: 'failed', executions: { length: 2 } });
  expect(runs.get('measure')?.status).toBe('succeeded');
  const [first] = children;
  if (!first) throw new Error('the workflow has no tasks');
  const again = {
    ...first,
    id: 'x',
    status: 'running',
    context: { ...first.context, task: { name: 'pack', key: '2' } },
  };
  expect(taskRuns([...children, again as typeof first]).get('pack')?.status).toBe('running');
});

const needed = needs('chromium');

describe.skipIf(needed.skip)(`what a person sees of workflows${needed.reason}`, () => {
  let stage: WindowStage;
  beforeAll(async () => {
    stage = await WindowStage.start('workflows', needed.path);
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  async function walk(scheme: 'light' | 'dark', steps: (page: Page) => Promise<void>): Promise<void> {
    await using opened: OpenWindow = await stage.open({ scheme, scenario: 'full' });
    await steps(opened.page);
    expect(opened.complaints).toEqual([]);
  }

  test.each(['light', 'dark'] as const)(
    'a run is laid over the picture and told in a list, in %s colours',
    async (scheme) => {
      await walk(scheme, async (page) => {
        await goTo(page, '/history/trace/run-tidy');
        await page.getByRole('group', { name: 'pack, failed' }).waitFor();
        await picture(page, `workflow-run-${scheme}`);
        expect(await stage.violations(page)).toEqual([]);
        await page.getByRole('group', { name: 'pack, failed' }).click();
        await page.getByRole('region', { name: 'Task pack' }).getByText('Item 2').waitFor();
        await page.getByRole('radiogroup', { name: 'Shape' }).getByText('List').click();
        await page.getByRole('list', { name: 'Tasks' }).getByRole('button', { name: 'measure' }).click();
        await page.getByRole('region', { name: 'Task measure' }).waitFor();
        await picture(page, `workflow-list-${scheme}`);
        expect(await stage.violations(page)).toEqual([]);
      });
    },
  );

  test('an execution is run again as it was, and its new run is shown', async () => {
    await walk('light', async (page) => {
      await goTo(page, '/history/executions/run-99993');
      await page.getByRole('button', { name: 'Run again', exact: true }).click();
      await page.waitForURL(/run-200001/);
    });
  });
});
