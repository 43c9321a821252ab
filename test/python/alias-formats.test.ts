import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, expect, test } from 'vitest';
import type { Json } from '../../main/contract/json.ts';
import { findTestPython, PYTHON_FOLDER } from '../support/python.ts';

/** Each was seen to be what StackStorm's own parser gives; `ParseException`: it does not fit; `error`: no format at all. */
const FACTS: readonly (readonly [format: string, sentence: string, values: Json])[] = [
  // Values end as early as what follows allows; quotes and braces hold together, and quotes are not part of the value.
  ['skip {{a}} {{b}}', 'skip one two three', { a: 'one', b: 'two three' }],
  ['say {{what}}', "say 'it is so'", { what: 'it is so' }],
  ['say {{what}}', 'say {"a": [1, 2]}', { what: '{"a": [1, 2]}' }],
  ['say {{what}} please', 'say a please please', { what: 'a please' }],
  ['say{{what}}', 'sayx', { what: 'x' }],
  ['say {{ what }}  twice', 'say x  twice', { what: 'x' }],
  ['say {{what}}', 'say a\nb', { what: 'a\nb' }],
  ['say {{what}}', 'say ', { what: ' ' }],
  // A default stands in, together with the space before it.
  ['skip {{a}} {{b=9}}', 'skip one', { a: 'one', b: '9' }],
  ['skip {{a}} {{b=9}}', 'skip one two three', { a: 'one', b: 'two three' }],
  ['say {{what="good day"}}', 'say', { what: 'good day' }],
  ["say {{ what = 'x y' }} now", 'say now', { what: 'x y' }],
  ['say {{what={"a": 1}}}', 'say', { what: '{"a": 1}' }],
  ['deploy {{app}} to {{stage=test}}', 'deploy web to', { app: 'web', stage: 'test' }],
  ['{{a=1}} {{b=2}}', '', { a: '1', b: '2' }],
  ['say {{a=}} x', 'say x', 'error'],
  // What no format names is said as pairs at the end, which win.
  ['say', 'say extra=1 more="a b" m={x: 1}', { extra: '1', more: 'a b', m: '{x: 1}' }],
  ['say {{what}}', 'say x what=y', { what: 'y' }],
  // A format is a regular expression of the whole sentence.
  ['say {{what}}', 'loudly say x', 'ParseException'],
  ['SAY {{what}}', 'say x', 'ParseException'],
  ['please (?:do )?{{what}}', 'please do it', { what: 'it' }],
  ['(say|tell) {{what}}', 'please tell x', 'ParseException'],
  ['count (?P<n>\\d+)', 'count 12', { n: '12' }],
  ['count (?P<n>\\d+)', 'count twelve', 'ParseException'],
  ['say {{a}} {{a}}', 'say x y', 'error'],
  ['say ({{a}}', 'say x', 'error'],
  // Its own anchors are left alone, and meet the space that StackStorm puts around a sentence.
  ['^say {{what}}$', 'say x', 'ParseException'],
  ['^\\s*say {{what}}\\s*$', 'say x', { what: 'x' }],
  ['', 'anything', 'ParseException'],
];

const MULTIPLE = '(?:\\W|^)(?P<key>[A-Z]+-\\d+)(?:\\W|$)';
let answers: Json[] = [];

/** All of them in one process. */
beforeAll(async () => {
  const code = `
import json, sys
from st2common.exceptions.content import ParseException
from st2common.models.utils.action_alias_utils import extract_parameters
def ask(format_str, sentence, multiple):
    try:
        return extract_parameters(format_str, sentence, multiple)
    except ParseException:
        return "ParseException"
    except Exception:
        return "error"
print(json.dumps([ask(*question) for question in json.load(sys.stdin)]))`;
  const questions = [...FACTS.map(([format, sentence]) => [format, sentence, false]), [MULTIPLE, 'AB-1, CD-22!', true]];
  const env = { PYTHONPATH: path.join(PYTHON_FOLDER, 'st2') };
  const end = await execa(await findTestPython(), ['-c', code], { env, input: JSON.stringify(questions) });
  answers = JSON.parse(end.stdout);
});

test.each(FACTS.map(([format, sentence, values], index) => [format, sentence, values, index] as const))(
  'the format `%s` makes of `%s`: %j',
  (_format, _sentence, values, index) => {
    expect(answers[index]).toEqual(values);
  },
);

test('a format that matches several times gives the values of each place', () => {
  expect(answers.at(-1)).toEqual([{ key: 'AB-1' }, { key: 'CD-22' }]);
});
