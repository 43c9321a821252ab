import { expect, test } from 'vitest';
import type { TriggerType } from '../../main/contract/packs.ts';
import type { PackRef, ResourceRef } from '../../main/contract/refs.ts';
import { triggerOf } from '../../main/triggers/trigger-of.ts';

const TYPE: TriggerType = {
  ref: 'demo.file.changed' as ResourceRef,
  pack: 'demo' as PackRef,
  name: 'file.changed',
  description: '',
  parametersSchema: { type: 'object', properties: { path: { type: 'string' } } },
  file: '/packs/demo/triggers/t.yaml',
};

test('one set of parameters is one trigger, in whatever order they are written', () => {
  const one = triggerOf(TYPE, { path: '/a', deep: { x: 1, y: [{ b: 1, a: 2 }] } });
  expect(triggerOf(TYPE, { deep: { y: [{ a: 2, b: 1 }], x: 1 }, path: '/a' })?.ref).toBe(one?.ref);
  expect(triggerOf(TYPE, { path: '/b' })?.ref).not.toBe(one?.ref);
  expect(triggerOf({ ...TYPE, ref: 'demo.other' as ResourceRef }, { path: '/b' })?.ref).not.toBe(
    triggerOf(TYPE, { path: '/b' })?.ref,
  );
});

test('a trigger is named by its pack and a UUID of version 4', () => {
  const trigger = triggerOf(TYPE, { path: '/a' });
  expect(trigger?.name).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  expect(trigger).toEqual({
    id: trigger?.name,
    uid: `trigger:demo:${trigger?.name}`,
    ref: `demo.${trigger?.name}`,
    name: trigger?.name,
    pack: 'demo',
    type: 'demo.file.changed',
    parameters: { path: '/a' },
  });
});

test('a type without parameters has no triggers but itself', () => {
  const { parametersSchema: _, ...plain } = TYPE;
  expect(triggerOf(plain, { path: '/a' })).toBeUndefined();
  expect(triggerOf({ ...TYPE, parametersSchema: {} }, {})).toBeUndefined();
});
