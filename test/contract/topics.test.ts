import { expect, test } from 'vitest';
import { nameOf, packOf, type ResourceRef } from '../../main/contract/refs.ts';
import { executionTopic, triggerOfTopic, triggerTopic } from '../../main/contract/topics.ts';

test.each(['demo.tick', 'demo.st2.kv.get', 'demo.a/b', 'demo.100%', 'demo.plus+hash#', 'demo.grün'])(
  'the topic of %s names it alone, and leads back to it',
  (ref) => {
    const topic = triggerTopic(ref as ResourceRef);
    expect(topic).not.toMatch(/[+#]/);
    expect(topic.split('/')).toHaveLength(4);
    expect(triggerOfTopic(topic)).toBe(ref);
  },
);

test.each([
  'stormlet/triggers/demo',
  'stormlet/triggers/demo/a/b',
  'stormlet/executions/demo/x',
  'home/light',
  'stormlet/triggers/demo/%E0%A4%A',
])('%s is no trigger topic', (topic) => {
  expect(triggerOfTopic(topic)).toBeUndefined();
});

test('a name may hold dots: only the first one separates', () => {
  const ref = 'vault.st2.kv.get' as ResourceRef;
  expect([packOf(ref), nameOf(ref)]).toEqual(['vault', 'st2.kv.get']);
  expect(executionTopic(ref, 'succeeded')).toBe('stormlet/executions/vault/st2.kv.get/succeeded');
});
