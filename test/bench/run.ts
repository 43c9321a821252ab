import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfNeeded } from '../../main/launch/build.mjs';
import { type HeadlessApp, startHeadlessApp } from '../support/headless-app.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { needs } from '../support/needs.ts';
import { setup } from '../support/shared-tools.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { measureActions } from './actions.ts';
import { EventPath } from './event-path.ts';
import { measureEvents } from './events.ts';
import { type Outcome, outcome } from './goals.ts';
import { measureKill } from './kill-nine.ts';
import { findNodeRed, type NodeRed, startNodeRed } from './node-red.ts';
import { measurePackInstall } from './pack-install.ts';
import { installPack, writeManyRules } from './packs.ts';
import { describeRun, toJson, toMarkdown } from './report.ts';
import { measureSaveToLive } from './save-to-live.ts';
import { measureStart } from './start-up.ts';
import { QuietMachine } from './statistics.ts';
import { benchStorm } from './storm.ts';
import { measureWaiting } from './waiting.ts';
import { measureWindow, windowOutcome } from './window.ts';
import { measureWorkflows } from './workflow.ts';

/**
 * `npm run bench`, in less than ten minutes, and `npm run bench -- quick`, in about one: the product's own path over MQTT,
 * with history, schema checks, masking and output streaming on, set against its peers in the same run. Absolute times mean
 * little on a shared machine; the ratios are what to quote. Prints a table; writes it, and all figures, below `out/bench`.
 * `npm run bench -- storm` is a bench with conditions: see `storm.ts`. `npm run bench -- window` tells each view of the window.
 */
const { positionals } = parseArgs({ allowPositionals: true });
const form = positionals.includes('quick') ? 'quick' : 'full';
const isQuick = form === 'quick';
const rounds = isQuick ? 2 : 5;
const started = performance.now();

await buildIfNeeded();
await setup();
if (positionals.includes('storm')) {
  for (const [what, figure] of await benchStorm()) console.log(`| ${what} | ${figure} |`);
  process.exit(0);
}
if (positionals.includes('window')) {
  console.log('| View | p50 | worst |\n|---|---:|---:|');
  for (const { name, p50, worst } of (await measureWindow(isQuick ? 3 : 9)) ?? []) {
    console.log(`| ${name} | ${p50.toFixed(0)} ms | ${worst.toFixed(0)} ms |`);
  }
  process.exit(0);
}
const quiet = new QuietMachine();
const mosquittoProgram = needs('mosquitto');
await using mosquitto = mosquittoProgram.skip ? undefined : await startMosquitto(mosquittoProgram.path);
// The quick form fetches nothing.
const nodeRedProgram = mosquitto ? await findNodeRed(!isQuick) : undefined;
const outcomes: Outcome[] = [];
{
  await using home = await tempFolder();
  await using app = await startHeadlessApp(home.path, { isBuilt: true });
  for (const pack of ['pack', 'web-pack']) await installPack(app, path.resolve('test/bench', pack));
  await installPack(app, await writeManyRules(home.path));
  const python = path.join(home.path, 'data/virtualenvs/bench/bin/python');
  {
    await using nodeRed =
      mosquitto && nodeRedProgram ? await startNodeRed(nodeRedProgram, mosquitto.url, python) : undefined;
    await onTheBus(app, nodeRed, mosquitto);
  }
  tell('saves');
  outcomes.push(await saves(app));
  tell('workflows');
  outcomes.push(await measureWorkflows(app, quiet, isQuick ? 3 : 9));
  tell('starts');
  const peer = mosquitto &&
    nodeRedProgram && { program: nodeRedProgram, broker: mosquitto.url, brokerPid: mosquitto.pid, python };
  outcomes.push(...(await measureStart({ peer: peer || undefined, quiet }, isQuick ? 2 : 5)));
}
tell('virtualenvs');
outcomes.push(await installs());
tell('kills');
outcomes.push(await measureKill(isQuick ? 1 : 5));
if (!isQuick) {
  tell('the window');
  outcomes.push(...windowOutcome(await measureWindow(5)));
}
await report();

/** A run takes minutes; the table alone goes to stdout. */
function tell(what: string): void {
  console.error(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${what} …`);
}

async function onTheBus(app: HeadlessApp, nodeRed: NodeRed | undefined, broker: Mosquitto | undefined): Promise<void> {
  await using events = await EventPath.connect((await app.client.bus.url({})).url);
  tell('actions');
  const actions = await measureActions({ app, events, nodeRed, quiet }, { rounds, events: isQuick ? 20 : 60 });
  tell('events');
  const stage = { app, nodeRed, mosquitto: broker?.url, quiet };
  outcomes.push(...actions.outcomes, ...(await measureEvents(stage, { rounds, events: isQuick ? 8000 : 40_000 })));
  tell('memory of what waits');
  outcomes.push(await measureWaiting(app, actions.webMegabytes));
}

async function saves(app: HeadlessApp): Promise<Outcome> {
  const { rule, action, sensor } = await measureSaveToLive(app, isQuick ? 15 : 60);
  return outcome(
    'G9',
    [
      { who: 'rule', p50: rule.p50, p99: rule.p99 },
      { who: 'action', p50: action.p50, p99: action.p99 },
      { who: 'sensor', p50: sensor.p50, p99: sensor.p99 },
    ],
    { p50: Math.max(rule.p50, action.p50), p99: Math.max(rule.p99, action.p99) },
  );
}

async function installs(): Promise<Outcome> {
  const { uv, pip } = await measurePackInstall(isQuick ? 2 : 5);
  return outcome(
    'G8',
    [
      { who: 'Stormlet with uv', p50: uv.p50 },
      { who: 'with venv and pip', p50: pip.p50 },
    ],
    { pip: pip.p50 / uv.p50 },
  );
}

async function report(): Promise<void> {
  const order = (each: Outcome) => Number(each.goal.slice(1));
  const sorted = [...outcomes].sort((a, b) => order(a) - order(b));
  const run = {
    ...describeRun(form, rounds, (performance.now() - started) / 1000, quiet.busyRounds),
    outcomes: sorted,
  };
  const folder = path.resolve('out/bench');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, `${form}.json`), toJson(run));
  await writeFile(path.join(folder, `${form}.md`), toMarkdown(run));
  console.log(toMarkdown(run));
}
