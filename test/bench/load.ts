import { randomUUID } from 'node:crypto';
import mqtt from 'mqtt';
import { RawPublisher } from '../support/raw-publisher.ts';
import { median } from './statistics.ts';

/** Messages that are published as fast as they are acknowledged. */
export type Load = {
  readonly url: string;
  readonly topic: string;
  readonly events: number;
  message(id: string): string;
};

const PUBLISHERS = 4;
const IN_FLIGHT = 200;

/** Messages a second that `PUBLISHERS` clients have acknowledged at QoS 1. */
export async function publishAll(load: Load): Promise<number> {
  const run = randomUUID();
  const publishers = await Promise.all(
    Array.from({ length: PUBLISHERS }, (_, index) => RawPublisher.connect(load.url, `load-${run}-${index}`)),
  );
  const each = load.events / PUBLISHERS;
  const started = performance.now();
  await Promise.all(
    publishers.map((publisher, index) =>
      publisher.publish(load.topic, each, IN_FLIGHT, (n) => load.message(`${run}-${index}-${n}`)),
    ),
  );
  const seconds = (performance.now() - started) / 1000;
  for (const publisher of publishers) publisher[Symbol.dispose]();
  return load.events / seconds;
}

/** Messages a second that reach one subscriber from one publisher at QoS 0. */
export async function deliverAll(load: Load): Promise<number> {
  const subscriber = await mqtt.connectAsync(load.url, { reconnectPeriod: 0 });
  await subscriber.subscribeAsync(load.topic, { qos: 0 });
  let seen = 0;
  const all = Promise.withResolvers<void>();
  subscriber.on('message', () => {
    seen += 1;
    if (seen === load.events) all.resolve();
  });
  using publisher = await RawPublisher.connect(load.url, `pour-${randomUUID()}`);
  const started = performance.now();
  await publisher.pour(load.topic, load.events, () => load.message(randomUUID()));
  await all.promise;
  const seconds = (performance.now() - started) / 1000;
  await subscriber.endAsync(true);
  return load.events / seconds;
}

/** Milliseconds until one message is acknowledged while nothing else is under way: the median. */
export async function acknowledgement(load: Load): Promise<number> {
  using publisher = await RawPublisher.connect(load.url, `single-${randomUUID()}`);
  const sent: number[] = [];
  // With one under way at most, a message is made as soon as the one before is acknowledged.
  await publisher.publish(load.topic, load.events, 1, () => {
    sent.push(performance.now());
    return load.message(randomUUID());
  });
  return median(sent.slice(1).map((at, index) => at - (sent[index] ?? 0)));
}
