import { randomUUID } from 'node:crypto';
import mqtt, { type MqttClient } from 'mqtt';
import type { Execution } from '../../main/contract/executions.ts';
import type { Isolation } from '../../main/contract/python-settings.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { executionTopic, triggerTopic } from '../../main/contract/topics.ts';

const EVENT = triggerTopic('bench.event' as ResourceRef);
/** The first does nothing, the second imports what most packs import; each is run by a rule for its kind of file. */
const ACTIONS = { '/tmp/notes.md': 'bench.touch', '/tmp/page.html': 'bench_web.web' } as const;
export type EventFile = keyof typeof ACTIONS;
export const NOOP: EventFile = '/tmp/notes.md';
export const WEB: EventFile = '/tmp/page.html';

const ENDS = ['succeeded', 'failed'] as const;

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

  /** Milliseconds from the publish of an event to the announced result of the action that it caused, and how its process came to be. */
  async caused(file: EventFile): Promise<{ readonly ms: number; readonly isolation: Isolation | undefined }> {
    const id = randomUUID();
    const done = new Promise<Execution>((resolve) => this.#waiting.set(id, resolve));
    const started = performance.now();
    this.#client.publish(EVENT, JSON.stringify({ id, payload: { kind: 'file', path: file } }), { qos: 1 });
    const { status, isolation } = await done;
    this.#waiting.delete(id);
    if (status !== 'succeeded') throw new Error('an action failed');
    return { ms: performance.now() - started, isolation };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.endAsync(true);
  }
}
