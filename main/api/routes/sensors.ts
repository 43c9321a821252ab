import { z } from 'zod';
import type { SensorStatus } from '../../contract/sensors.ts';
import { ApiFault } from '../faults.ts';
import { pageOf, paging } from '../queries.ts';
import { route } from '../route.ts';
import { refOf } from './actions.ts';

const Sensor = z.object({
  id: z.string(),
  uid: z.string(),
  ref: z.string(),
  pack: z.string(),
  name: z.string(),
  class_name: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  poll_interval: z.number().optional(),
});

export const sensorRoutes = [
  route({
    method: 'GET',
    path: '/v1/sensortypes',
    summary: 'List sensors.',
    query: z.object({ ...paging, name: z.string().optional(), pack: z.string().optional() }),
    answer: z.array(Sensor),
    async run({ query }, { client }) {
      const found = (await client.sensors.list()).filter(
        ({ className, pack }) =>
          (query.name === undefined || query.name === className) && (query.pack === undefined || query.pack === pack),
      );
      return pageOf(found.map(asSensor), query);
    },
  }),
  route({
    method: 'GET',
    path: '/v1/sensortypes/{ref}',
    summary: 'Get a sensor.',
    answer: Sensor,
    async run({ params }, { client }) {
      const found = (await client.sensors.list()).find(({ ref }) => ref === params.ref);
      if (!found) throw new ApiFault(404, `there is no sensor \`${params.ref}\``);
      return { body: asSensor(found) };
    },
  }),
  route({
    method: 'PUT',
    path: '/v1/sensortypes/{ref}',
    summary: 'Pause a sensor, or let it run.',
    body: z.looseObject({ enabled: z.boolean() }),
    answer: Sensor,
    run: async ({ params, body }, { client }) => ({
      body: asSensor(await client.sensors.setPaused({ ref: refOf('Sensor', params.ref), paused: !body.enabled })),
    }),
  }),
];

function asSensor({ ref, pack, className, description, pollInterval, state }: SensorStatus): z.infer<typeof Sensor> {
  return {
    id: ref,
    uid: `sensor_type:${pack}:${className}`,
    ref,
    pack,
    name: className,
    class_name: className,
    description,
    enabled: state !== 'paused' && state !== 'disabled',
    ...(pollInterval !== undefined && { poll_interval: pollInterval }),
  };
}
