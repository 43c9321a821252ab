import mqtt from 'mqtt';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { executionTopic, triggerTopic } from '../../main/contract/topics.ts';
import { type HeadlessApp, startHeadlessApp, stormlet } from '../support/headless-app.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type Outcome, outcome, STACKSTORM } from './goals.ts';
import { startNodeRed } from './node-red.ts';
import { writeSmallPacks } from './packs.ts';
import { treeUsage } from './process-tree.ts';
import { median, pause, type QuietMachine } from './statistics.ts';

/**
 * G10 and G11: how soon after its start an event is served, and what the app takes while nothing happens; beside Node-RED and
 * its broker, in turn.
 */
export type StartStage = {
  /** Node-RED's program, its broker and the interpreter for it; undefined where one of them is missing. */
  readonly peer:
    | { readonly program: string; readonly broker: string; readonly brokerPid: number; readonly python: string }
    | undefined;
  readonly quiet: QuietMachine;
};

const PACKS = 50;

export async function measureStart(stage: StartStage, rounds: number): Promise<Outcome[]> {
  await using home = await tempFolder();
  await firstStart(home.path);
  const times = { ours: [] as number[], nodeRed: [] as number[] };
  const rest = { ours: [] as number[], nodeRed: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    await stage.quiet.wait();
    const started = performance.now();
    await using app = await startHeadlessApp(home.path, { isBuilt: true });
    await serveOne(app);
    times.ours.push(performance.now() - started);
    await pause(REST_MS);
    rest.ours.push(treeUsage(app.pid).rssMb);
    if (!stage.peer) continue;
    const { program, broker, brokerPid, python } = stage.peer;
    const theirs = performance.now();
    await using nodeRed = await startNodeRed(program, broker, python);
    times.nodeRed.push(performance.now() - theirs);
    await pause(REST_MS);
    rest.nodeRed.push(treeUsage(nodeRed.pid).rssMb + treeUsage(brokerPid).rssMb);
  }
  return outcomes(times, rest);
}

const REST_MS = 1000;

type Both = { readonly ours: readonly number[]; readonly nodeRed: readonly number[] };

function outcomes(times: Both, rest: Both): Outcome[] {
  const [ours, theirs] = [median(times.ours), median(times.nodeRed)];
  const [restOurs, restTheirs] = [median(rest.ours), median(rest.nodeRed)];
  const hasPeer = times.nodeRed.length > 0;
  return [
    outcome(
      'G10',
      [
        { who: `Stormlet, ${PACKS} packs`, p50: ours },
        ...(hasPeer ? [{ who: 'Node-RED, one flow', p50: theirs }] : []),
      ],
      hasPeer ? { nodeRed: theirs / ours } : {},
    ),
    outcome(
      'G11',
      [
        { who: 'Stormlet', megabytes: restOurs },
        ...(hasPeer ? [{ who: 'Node-RED and Mosquitto', megabytes: restTheirs }] : []),
        { who: STACKSTORM.who, megabytes: STACKSTORM.megabytes ?? 0, isQuoted: true },
      ],
      {
        ...(hasPeer && { nodeRed: restOurs / restTheirs }),
        stackstorm: restOurs / (STACKSTORM.megabytes ?? 1),
      },
    ),
  ];
}

/** What is done once and for all: the base environment is built, the packs are read. */
async function firstStart(home: string): Promise<void> {
  await writeSmallPacks(`${home}/data/packs`, PACKS);
  await using app = await startHeadlessApp(home, { isBuilt: true });
  await serveOne(app);
  // A Python action waits for the base environment.
  const ready = await stormlet(app, 'action', 'run', 'core.pause', 'max_pause=0');
  if (ready.exitCode !== 0) throw new Error(ready.stderr);
}

/** An event of the last pack, up to the end of its action. */
async function serveOne(app: HeadlessApp): Promise<void> {
  const client = await mqtt.connectAsync((await app.client.bus.url({})).url, { reconnectPeriod: 0 });
  const served = new Promise<void>((resolve) => client.once('message', () => resolve()));
  await client.subscribeAsync(executionTopic('core.noop' as ResourceRef, 'succeeded'));
  client.publish(triggerTopic(`small${PACKS - 1}.event` as ResourceRef), JSON.stringify({ payload: {} }), { qos: 1 });
  await served;
  await client.endAsync(true);
}
