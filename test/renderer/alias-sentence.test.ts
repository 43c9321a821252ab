import { expect, test } from 'vitest';
import { placesOf, sentenceOf } from '../../renderer/app/alias-sentence.ts';
import { commandsFor } from '../../renderer/app/commands.ts';
import { fakeAlias } from '../support/fake-aliases.ts';

test('the places of a format are found, with what stands where nothing is said', () => {
  expect(placesOf('pack install {{ packs }} for {{who="all of us"}}')).toEqual([
    { name: 'packs' },
    { name: 'who', fallback: 'all of us' },
  ]);
});

test('a sentence is made as a person would type it', () => {
  const format = 'say {{ text }} to {{ who }}';
  expect(sentenceOf(format, { text: 'good morning', who: 'ada' })).toBe('say "good morning" to ada');
  expect(sentenceOf(format, { text: 'a $& b', who: 3 })).toBe('say "a $& b" to 3');
  expect(sentenceOf('git status {{ repo }}', { repo: '"quoted already"' })).toBe('git status "quoted already"');
});

test('what was typed comes first where it is a sentence, and words narrow everything else', () => {
  const alias = fakeAlias('core.echo_it', 'core.echo', 'echo {{ message }}');
  const match = { alias: alias.ref, action: alias.action, description: '', display: '', representation: 'x' };
  const nothing = { packs: [], rules: [], actions: [], executions: [] };
  const groups = commandsFor('echo hello', { ...nothing, aliases: [alias], matches: [{ ...match, parameters: [{}] }] });
  expect(groups.map(({ name }) => name)).toEqual(['Say it']);
  const found = commandsFor('echo', { ...nothing, aliases: [alias, { ...alias, enabled: false }], matches: [] });
  expect(found.flatMap(({ commands }) => commands.map(({ label }) => label))).toEqual(['echo {{ message }}']);
  expect(commandsFor('history ev', { ...nothing, aliases: [], matches: [] })[0]?.commands[0]?.label).toBe(
    'History: events',
  );
});
