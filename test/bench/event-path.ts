import { randomUUID } from 'node:crypto';
import mqtt, { type MqttClient } from 'mqtt';
import type { Execution } from '../../main/contract/executions.ts';
import type { Isolation } from '../../main/contract/python-settings.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { executionTopic, triggerTopic } from '../../main/contract/topics.ts';

const EVENT = triggerTopic('bench.event' as ResourceRef);
const ACTIONS = { '/tmp/notes.md': 'bench.touch', '/tmp/page.html': 'bench.web' } as const;

const ENDS = ['succeeded', 'failed'] as const;

/** The first is taken by the action that does nothing, the second by the one that imports what most packs import. */
export type EventFile = keyof typeof ACTIONS;

/** A client of the bus as any MQTT tool is one: it publishes events and waits for the announced results. */
export class EventPath implements AsyncDisposable {
  readonly #client: MqttClient;
  readonly #waiting = new Map<string, (execution: Execution) => void>();

  static async connect(url: string): Promise<EventPath> {
    const client = await mqtt.connectAsync(url, { reconnectPeriod: 0 });
    const path = new EventPath(client);
    const actions = Object.values(ACTIONS) as ResourceRef[];
    await client.subscribeAsync(actions.flatMap((ref) => ENDS.map((status) => executionTopic(ref, status))));
    return path;
  }

  constructor(client: MqttClient) {
    this.#client = client;
    client.on('message', (_topic, body) => {
      const execution = JSON.parse(String(body)) as Execution;
      this.#waiting.get(execution.context.triggerInstance ?? '')?.(execution);
    });
  }

  /** Milliseconds from the publish of an event to the announced result of the action that it caused. */
  async once(file: EventFile = '/tmp/notes.md'): Promise<number> {
    return (await this.caused(file)).ms;
  }

  /** The same, with how the action's process came to be; undefined when it failed. */
  async caused(file: EventFile): Promise<{ readonly ms: number; readonly isolation: Isolation | undefined }> {
    const id = randomUUID();
    const done = new Promise<Execution>((resolve) => this.#waiting.set(id, resolve));
    const started = performance.now();
    this.#client.publish(EVENT, event(id, 'file', file), { qos: 1 });
    const { status, isolation } = await done;
    this.#waiting.delete(id);
    return { ms: performance.now() - started, isolation: status === 'succeeded' ? isolation : undefined };
  }

  /** Actions a second with `inFlight` events under way at all times. */
  async saturate(count: number, inFlight: number, file: EventFile = '/tmp/notes.md'): Promise<number> {
    let left = count;
    const started = performance.now();
    const lane = async () => {
      while (left > 0) {
        left -= 1;
        await this.once(file);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, lane));
    return (count / (performance.now() - started)) * 1000;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.endAsync(true);
  }
}

function event(id: string, kind: string, path: string): string {
  return JSON.stringify({ id, payload: { kind, path } });
}
