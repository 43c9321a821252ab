import { expect, test } from 'vitest';
import { PackRef } from '../../../main/contract/refs.ts';
import { loadAction } from '../../../main/packs/metadata/load-actions.ts';
import { loadRule } from '../../../main/packs/metadata/load-rules.ts';

const PACK = PackRef.parse('demo');
const action = (notify: string) => loadAction(PACK, 'actions/a.yaml', `name: a\nrunner_type: noop\nnotify:\n${notify}`);

test('an action says whom to tell of its end, with `channels` as the older word for `routes`', () => {
  const { value, problems } = action(
    '  on-success:\n    message: "{{ action_results }}"\n    routes: [chat]\n  on_failure:\n    channels: [ops]\n',
  );
  expect(problems).toEqual([]);
  expect(value?.definition.notify).toEqual({
    'on-success': { message: '{{ action_results }}', routes: ['chat'] },
    'on-failure': { routes: ['ops'] },
  });
});

test.each([
  ['a section of another name', '  on-sunday:\n    routes: [chat]\n', 4, /unknown key: `on-sunday`/],
  ['routes that are a text', '  on-success:\n    routes: chat\n', 5, /`routes` must be a list/],
  ['a section that is a text', '  on-success: chat\n', 4, /`on-success` must be a map/],
  ['a message that is a list', '  on-success:\n    message: [a]\n', 5, /`message` must be a text/],
])('%s is reported with its line, and the action still runs', (_, notify, line, message) => {
  const { value, problems } = action(notify);
  expect(value?.definition.ref).toBe('demo.a');
  expect(problems).toEqual([expect.objectContaining({ severity: 'warning', line })]);
  expect(problems[0]?.message).toMatch(message);
});

test('a rule says whom to tell of the end of what it asks for', () => {
  const text =
    'name: r\nenabled: true\ntrigger:\n  type: demo.seen\naction:\n  ref: core.echo\n  notify:\n    on-complete:\n      routes: [log]\n';
  const { value } = loadRule(PACK, 'pack', 'rules/r.yaml', text);
  expect(value?.rule.problems).toEqual([]);
  expect(value?.rule.definition.action.notify).toEqual({ 'on-complete': { routes: ['log'] } });
});
