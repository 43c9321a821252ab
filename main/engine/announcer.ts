import type { Broker } from '../bus/broker.ts';
import type { Execution } from '../contract/executions.ts';
import type { JsonObject } from '../contract/json.ts';
import type { Notice } from '../contract/notices.ts';
import type { ResourceRef } from '../contract/refs.ts';
import type { Emit } from '../contract/rpc.ts';
import type { SensorStatus } from '../contract/sensors.ts';
import { announcementTopic, executionTopic, NOTIFICATIONS_TOPIC, sensorTopic } from '../contract/topics.ts';

/** Tells the windows and the bus what happened, after it happened. Nothing waits for it and nothing depends on it. */
export class Announcer {
  readonly #broker: Pick<Broker, 'announce'>;
  readonly emit: Emit;

  constructor(broker: Pick<Broker, 'announce'>, emit: Emit) {
    this.#broker = broker;
    this.emit = emit;
  }

  execution(execution: Execution): void {
    this.#broker.announce(executionTopic(execution.action, execution.status), execution);
    this.emit('executions.changed', execution);
  }

  sensor(status: SensorStatus): void {
    this.#broker.announce(sensorTopic(status.ref), status, { retain: true });
    this.emit('sensors.changed', status);
  }

  printed(ref: ResourceRef, lines: string[]): void {
    this.emit('sensors.printed', { ref, lines });
  }

  announcement(route: string, payload: JsonObject): void {
    this.#broker.announce(announcementTopic(route), payload);
    this.emit('notifications.announced', { route, payload });
  }

  notice(notice: Notice): void {
    this.#broker.announce(NOTIFICATIONS_TOPIC, notice);
    this.emit('notifications.posted', notice);
  }
}
