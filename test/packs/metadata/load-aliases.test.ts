import { expect, test } from 'vitest';
import { PackRef } from '../../../main/contract/refs.ts';
import { loadAlias } from '../../../main/packs/metadata/load-aliases.ts';

const load = (text: string) => loadAlias(PackRef.parse('demo'), '/packs/demo/aliases/a.yaml', text);
const ALIAS = 'name: a\naction_ref: core.echo\nformats:\n  - say {{message}}\n';

test('a format is a text, or a map of what is shown and what is matched', () => {
  const { value, problems } = load(`${ALIAS}  - display: tell <it>
    representation: ["tell {{message}}", "tell me {{message}}"]
    match_multiple: true
  - representation: "speak {{message}}"
  - display: only shown
`);
  expect(problems).toEqual([]);
  expect(value?.alias.formats).toEqual([
    { display: 'say {{message}}', representations: ['say {{message}}'], matchMultiple: false },
    { display: 'tell <it>', representations: ['tell {{message}}', 'tell me {{message}}'], matchMultiple: true },
    { display: 'speak {{message}}', representations: ['speak {{message}}'], matchMultiple: false },
    { display: 'only shown', representations: [], matchMultiple: false },
  ]);
});

test('messages, fixed parameters and what is only for chats are kept', () => {
  const { value } = load(`${ALIAS}enabled: false
description: Says it.
ack: {format: "On it", append_url: false, extra: {slack: {color: red}}}
result: {enabled: false}
immutable_parameters: {loud: true}
extra: {a: 1}
`);
  expect(value?.alias).toMatchObject({
    ref: 'demo.a',
    enabled: false,
    description: 'Says it.',
    action: 'core.echo',
    ack: { enabled: true, format: 'On it', appendUrl: false, extra: { slack: { color: 'red' } } },
    result: { enabled: false },
    immutableParameters: { loud: true },
    extra: { a: 1 },
  });
});

test.each([
  ['no name', ALIAS.replace('name: a\n', ''), /`name` is missing/],
  ['no action', ALIAS.replace('action_ref: core.echo\n', ''), /`action_ref` is missing/],
  ['an action without a pack', ALIAS.replace('core.echo', 'echo'), /written `pack\.name`, got `echo`/],
  ['formats that are no list', 'name: a\naction_ref: core.echo\nformats: say\n', /`formats` must be a list/],
  ['a format that is a number', `${ALIAS}  - 5\n`, /a format is a text/],
  ['a representation that is a map', `${ALIAS}  - representation: {a: b}\n`, /a format is a text/],
  ['an unknown key', `${ALIAS}format: x\n`, /unknown key: `format`/],
  ['another pack', `${ALIAS}pack: other\n`, /belongs to `demo`/],
  ['a message that is a text', `${ALIAS}ack: On it\n`, /`ack` must be a map/],
])('%s is refused, with file and line', (_, text, message) => {
  const { value, problems } = load(text);
  expect(value).toBeUndefined();
  expect(problems[0]).toMatchObject({
    severity: 'error',
    file: '/packs/demo/aliases/a.yaml',
    line: expect.any(Number),
  });
  expect(problems.map((problem) => problem.message).join('\n')).toMatch(message);
});
