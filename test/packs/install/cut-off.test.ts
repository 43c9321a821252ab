import { spawn } from 'node:child_process';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHECKPOINTS, type CheckpointName } from '../../../main/packs/install/checkpoints.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { debrisIn, openStage, operate, prepareHome, SCENARIOS, type Scenario, stateOf } from './two-packs.ts';

type Measured = {
  /** Everything that comes before the scenario has happened in it. */
  readonly origin: string;
  readonly before: unknown;
  readonly after: unknown;
  /** What the scenario comes by when nothing goes wrong. */
  readonly steps: readonly CheckpointName[];
};

const PROGRAM = path.resolve('test/fixtures/programs/install-and-die.ts');
/** Dozens of processes and virtualenvs: on a busy machine that takes its time. */
const LIMIT_MS = 240_000;
const opened = new AsyncDisposableStack();
const measured = new Map<string, Measured>();

beforeAll(async () => {
  for (const name of Object.keys(SCENARIOS)) measured.set(name, await measure(name));
}, LIMIT_MS);
afterAll(() => opened.disposeAsync());

test.each(Object.keys(SCENARIOS))(
  'an app that is killed at any step of an %s has after its next start all of the old or all of the new, and nothing else',
  async (name) => {
    const { origin, before, after, steps } = of(name);
    expect(after).not.toEqual(before);
    const killed = await inParallel(stepsToTry(steps), async ([index, step]) => {
      await using home = await tempFolder();
      await copyHome(origin, home.path);
      expect(await runAndDie(home.path, name, index)).toBe('SIGKILL');
      await using stage = await openStage(home.path);
      const state = await stateOf(stage);
      return { step, isOld: isSame(state, before), isNew: isSame(state, after), debris: await debrisIn(home.path) };
    });
    const journaled = steps.indexOf('journal-written');
    expect(killed).toEqual(
      stepsToTry(steps).map(([index, step]) => {
        return { step, isOld: index < journaled, isNew: index >= journaled, debris: [] };
      }),
    );
  },
  LIMIT_MS,
);

test.each(Object.keys(SCENARIOS))(
  'a disk that is full at any step of an %s leaves what was there, and nothing half; once all is switched, it stays',
  async (name) => {
    const { origin, before, after, steps } = of(name);
    const last = steps.indexOf('all-switched');
    for (const [index, step] of stepsToTry(steps)) {
      await using home = await tempFolder();
      await copyHome(origin, home.path);
      await using stage = await openStage(home.path, { checkpoint: failAt(index) });
      const end = await operate(stage, operationOf(name).operation, operationOf(name).parameters(home.path)).then(
        () => 'done',
        (error) => error.code,
      );
      expect([step, end]).toEqual([step, index > last ? 'done' : 'pack/disk-full']);
      expect(await stateOf(stage)).toEqual(index > last ? after : before);
      // What an old version left behind may wait for the next start.
      if (index <= last) expect(await debrisIn(home.path)).toEqual([]);
    }
  },
  LIMIT_MS,
);

test('these scenarios come by every step there is', () => {
  const reached = new Set([...measured.values()].flatMap(({ steps }) => steps));
  expect([...reached].sort()).toEqual([...CHECKPOINTS].sort());
});

async function measure(name: string): Promise<Measured> {
  const origin = opened.use(await tempFolder()).path;
  const scenario = operationOf(name);
  await prepareHome(origin, scenario);
  await using home = await tempFolder();
  await copyHome(origin, home.path);
  const steps: CheckpointName[] = [];
  await using stage = await openStage(home.path, { checkpoint: (step) => steps.push(step) });
  const before = await stateOf(stage);
  await operate(stage, scenario.operation, scenario.parameters(home.path));
  return { origin, before, after: await stateOf(stage), steps };
}

function of(name: string): Measured {
  const found = measured.get(name);
  if (!found) throw new Error(`${name} was not measured`);
  return found;
}

function operationOf(name: string): Scenario {
  const scenario = SCENARIOS[name];
  if (!scenario) throw new Error(`no scenario ${name}`);
  return scenario;
}

/** Each link is another case; of the rest, what happens to the first pack is what happens to the second. */
function stepsToTry(steps: readonly CheckpointName[]): [number, CheckpointName][] {
  return [...steps.entries()].filter(([index, step]) => step === 'link-switched' || steps.indexOf(step) === index);
}

function failAt(step: number): () => void {
  let reached = 0;
  return () => {
    if (reached++ === step) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  };
}

async function copyHome(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, verbatimSymlinks: true });
}

function runAndDie(home: string, name: string, step: number): Promise<string | null> {
  const child = spawn(process.execPath, [PROGRAM, home, name, String(step)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = [...items.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all([worker(), worker(), worker()]);
  return results;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
