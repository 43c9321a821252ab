import { strict as assert } from 'node:assert';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { RealWindow } from '../e2e/real-window.ts';
import { startHeadlessApp } from '../support/headless-app.ts';
import { needs } from '../support/needs.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type Outcome, outcome } from './goals.ts';
import { writeLongHistory } from './long-history.ts';
import { writeSmallPacks } from './packs.ts';
import { spread } from './statistics.ts';
import { VIEWS, type View } from './window-views.ts';

const STORED = 100_000;
const PACKS = 50;

/** Milliseconds from the click to the first frame with the rows in it. */
export type ViewTimes = { readonly name: string; readonly p50: number; readonly worst: number };

/**
 * The built window in a real Chromium over the headless app, with 100,000 events and executions stored and fifty packs there.
 * Each time the page is loaded anew, so nothing that it shows was read before. Undefined where there is no Chromium.
 */
export async function measureWindow(times: number): Promise<ViewTimes[] | undefined> {
  const chromium = needs('chromium');
  if (chromium.skip) return undefined;
  await using home = await tempFolder();
  await writeSmallPacks(path.join(home.path, 'data', 'packs'), PACKS);
  writeLongHistory(path.join(home.path, 'data', 'stormlet.db'), STORED, PACKS);
  await using app = await startHeadlessApp(home.path, { isBuilt: true });
  await app.client.settings.update({ packs: { catalogues: [] } });
  await using window = await RealWindow.open(chromium.path);
  await window.page.goto(app.address);
  await window.page.getByRole('heading', { level: 1 }).waitFor();
  const measured: ViewTimes[] = [];
  for (const view of VIEWS) measured.push(await timesOf(view.name, times, () => look(window, view)));
  measured.push(await timesOf('Executions: a text that many hold', times, () => searchFor(window, 'invoice')));
  measured.push(await timesOf('Command bar: typing', times, () => typeInBar(window)));
  measured.push(await scrollThrough(window, times * 5));
  assert.deepEqual(window.complaints, []);
  return measured;
}

/** The slowest few stand for all; nothing where there was no Chromium. */
export function windowOutcome(views: readonly ViewTimes[] | undefined): Outcome[] {
  if (!views) return [];
  const slowest = views.toSorted((a, b) => b.p50 - a.p50).slice(0, 3);
  const measured = slowest.map(({ name, p50, worst }) => ({ who: name, p50, p99: worst }));
  const of = (value: (view: ViewTimes) => number) => Math.max(...views.map(value));
  return [outcome('G17', measured, { p50: of(({ p50 }) => p50), worst: of(({ worst }) => worst) })];
}

async function timesOf(name: string, times: number, once: () => Promise<number>): Promise<ViewTimes> {
  const taken: number[] = [];
  for (let at = 0; at < times; at++) taken.push(await once());
  return { name, p50: spread(taken).p50, worst: Math.max(...taken) };
}

async function look({ page }: RealWindow, view: View): Promise<number> {
  await loadAnew(page, view.from);
  if (view.opens !== undefined) await page.locator(view.opens).click();
  await page.locator(view.click).first().waitFor({ state: 'attached' });
  return await untilPainted(page, `document.querySelector(${JSON.stringify(view.click)}).click()`, view.shows);
}

/** What is typed is asked for when the typing pauses; the time counts from there. */
async function searchFor({ page }: RealWindow, text: string): Promise<number> {
  await loadAnew(page, '/history/executions');
  const painted = untilPainted(
    page,
    `while (!location.hash.includes('text=')) await new Promise((done) => setTimeout(done, 1))`,
    `document.querySelector('table[aria-label="Executions"][aria-busy="false"] tbody a')`,
  );
  await page.getByRole('textbox', { name: 'Text in it' }).fill(text);
  return await painted;
}

async function typeInBar({ page }: RealWindow): Promise<number> {
  await loadAnew(page, '/');
  await page.keyboard.press('Control+k');
  await page.getByRole('textbox', { name: 'Search and commands' }).waitFor();
  const box = `document.querySelector('[aria-label="Search and commands"]')`;
  const painted = untilPainted(
    page,
    `while (${box}.value === '') await new Promise((done) => setTimeout(done, 1))`,
    `document.querySelector('[role="dialog"] [data-action]')?.textContent.includes('small33')`,
  );
  await page.keyboard.insertText('small33');
  return await painted;
}

/** Through several pages of a hundred rows; each step a screen and a half. */
async function scrollThrough({ page }: RealWindow, steps: number): Promise<ViewTimes> {
  await loadAnew(page, '/history/executions');
  await page.locator('table[aria-label="Executions"] tbody a').first().waitFor();
  const box = `document.querySelector('.table-scroll')`;
  const isFilled = `[...${box}.querySelectorAll('tbody tr')].some((row) => row.getBoundingClientRect().bottom >= ${box}.getBoundingClientRect().bottom - 2)`;
  return await timesOf('Executions: scrolling', steps, () => untilPainted(page, `${box}.scrollTop += 900`, isFilled));
}

/** A page with nothing in its memory, at rest. */
async function loadAnew(page: Page, route: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(route)}`);
  await page.reload();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle');
}

/** Runs in the page, so that no message between programs is counted. */
function untilPainted(page: Page, act: string, shows: string): Promise<number> {
  return page.evaluate<number>(`(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    await frame();
    const waits = ${JSON.stringify(act.startsWith('while'))};
    let began = performance.now();
    ${act};
    if (waits) began = performance.now();
    while (!(${shows})) {
      if (performance.now() - began > 20_000) throw new Error('never shown: ' + ${JSON.stringify(shows)});
      await frame();
    }
    await frame();
    await new Promise((done) => setTimeout(done));
    return performance.now() - began;
  })()`);
}
