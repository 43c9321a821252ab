import { expect, it } from 'vitest';
import { StormletError } from '../../main/contract/errors.ts';
import type { Json } from '../../main/contract/json.ts';
import { operatorOf } from '../../main/rules/criteria.ts';
import { askPython } from '../support/ask-python.ts';
import { testExpressions } from '../support/expressions.ts';
import { Random } from '../support/random.ts';

const SEED = 20261124;

/** Each operator as a line of Python, from its description alone. */
const IN_PYTHON = `
import fnmatch, re
OPERATORS = {
  "equals": lambda v, p: v == p,
  "nequals": lambda v, p: v != p,
  "iequals": lambda v, p: v.lower() == p.lower(),
  "contains": lambda v, p: p in v,
  "ncontains": lambda v, p: p not in v,
  "icontains": lambda v, p: p.lower() in v.lower(),
  "incontains": lambda v, p: p.lower() not in v.lower(),
  "startswith": lambda v, p: v.startswith(p),
  "istartswith": lambda v, p: v.lower().startswith(p.lower()),
  "endswith": lambda v, p: v.endswith(p),
  "iendswith": lambda v, p: v.lower().endswith(p.lower()),
  "lessthan": lambda v, p: v < p,
  "greaterthan": lambda v, p: v > p,
  "inside": lambda v, p: v in p,
  "ninside": lambda v, p: v not in p,
  "matchwildcard": lambda v, p: fnmatch.fnmatchcase(v, p),
  "matchregex": lambda v, p: re.compile(p, re.DOTALL).match(v) is not None,
  "regex": lambda v, p: re.search(p, v) is not None,
  "iregex": lambda v, p: re.search(p, v, re.IGNORECASE) is not None,
}
def answer(question):
    operator, value, pattern = question
    if pattern is None and operator != "nequals":
        return False
    return OPERATORS[operator](value, pattern)
`;

it(`gives Python's answer for every operator on values of every type (seed ${SEED})`, async () => {
  const random = new Random(SEED);
  const names = ['equals', 'nequals', 'iequals', 'contains', 'ncontains', 'icontains', 'incontains', 'startswith'];
  names.push('istartswith', 'endswith', 'iendswith', 'lessthan', 'greaterthan', 'inside', 'ninside');
  const questions = names.flatMap((name) =>
    Array.from({ length: 400 }, (): Json[] => {
      const value = randomValue(random);
      return [name, value, random.chance(0.3) ? related(value, random) : randomValue(random)];
    }),
  );
  await expectPythonsAnswers(questions, 0.15);
});

it(`gives Python's answer for wildcards (seed ${SEED})`, async () => {
  const random = new Random(SEED);
  const piece = () =>
    random.pick([
      '*',
      '?',
      '[ab]',
      '[!a]',
      '[a-c]',
      '[c-a]',
      '[]]',
      '[!]]',
      '[',
      ']',
      '[^a]',
      '\\',
      '.',
      'a',
      'b',
      'c',
      '-',
      '[a-]',
      '[-a]',
      '[\\]',
      '!',
      '[!]',
      '[]',
      '😀',
      '\n',
      '[a-c-e]',
      '+',
      '$',
      '(',
    ]);
  const questions = Array.from({ length: 3000 }, (): Json[] => {
    const pattern = Array.from({ length: 1 + random.below(4) }, piece).join('');
    const value = Array.from({ length: random.below(5) }, () => random.pick([...'aabbc-]^[\\.😀\n!$'])).join('');
    return ['matchwildcard', value, pattern];
  });
  await expectPythonsAnswers(questions, 0.02);
});

it(`gives Python's answer for regular expressions, on RE2 or by asking Python (seed ${SEED})`, async () => {
  const random = new Random(SEED);
  const questions = Array.from({ length: 4000 }, (): Json[] => {
    const operator = random.pick(['matchregex', 'regex', 'iregex']);
    const value = Array.from({ length: random.below(6) }, () => random.pick(LETTERS)).join('');
    return [operator, value, randomRegex(random)];
  });
  await expectPythonsAnswers(questions, 0.1);
});

const LETTERS = [
  'a',
  'A',
  'b',
  'B',
  '1',
  '_',
  ' ',
  '\n',
  '\t',
  'é',
  'É',
  'ß',
  '٣',
  '\u00a0',
  '\u2028',
  '\v',
  '\x1c',
  'K',
  '😀',
  '-',
  '.',
  '{',
  '$',
];
const ATOMS = [
  ...[
    'a',
    'b',
    'A',
    '.',
    '\\d',
    '\\w',
    '\\s',
    '\\D',
    '\\W',
    '\\S',
    '[ab]',
    '[^a]',
    '[a-z]',
    '[\\w-]',
    '[]a]',
    '[^]a]',
    '\\.',
    'é',
  ],
  ...[
    '^',
    '$',
    '\\A',
    '\\Z',
    '\\b',
    '\\B',
    '(a)',
    '(?:a|b)',
    '(?P<n>a)',
    '(?P=n)',
    '\\1',
    '(?=a)',
    '(?!b)',
    '(?<=a)',
    '(?<!b)',
  ],
  ...[
    '\\x61',
    '\\u0061',
    '\\n',
    '\\-',
    '\\_',
    '\\é',
    '{',
    '}',
    'a{1,2}',
    'a{,2}',
    '[[:alpha:]]',
    '(?i:a)',
    '(?s:.)',
    '(?#c)',
    '😀',
  ],
  ...[
    '(?<n>a)',
    '\\z',
    '\\p{L}',
    '\\Q',
    '(?m:^a$)',
    '(a$|b)',
    '(^a|b$)',
    '[.$]',
    '[a\\]b]',
    '\\ ',
    '[😀-😂]',
    ']',
    ')',
    '(',
    '[',
  ],
];

function randomRegex(random: Random): string {
  const flags = random.chance(0.1) ? random.pick(['(?i)', '(?s)', '(?m)', '(?ims)', '(?x)', '(?a)']) : '';
  const parts = Array.from({ length: 1 + random.below(4) }, () => {
    const quantifier = random.chance(0.25) ? random.pick(['*', '+', '?', '*?', '{2}', '{1,}']) : '';
    return random.pick(ATOMS) + quantifier + (random.chance(0.1) ? '|' : '');
  });
  return flags + parts.join('');
}

/** Both kinds of answer have to occur often enough, or the questions are no good. */
async function expectPythonsAnswers(questions: Json[][], share: number): Promise<void> {
  const theirs = await askPython(IN_PYTHON, questions);
  await using expressions = testExpressions();
  const at = { now: 0, readKey: () => undefined, render: expressions.render.bind(expressions) };
  const ours: unknown[] = [];
  const ask = async ([name, value, pattern]: Json[]) => {
    try {
      return await operatorOf(String(name))?.(pattern ?? null)(value ?? null, at);
    } catch (error) {
      return error instanceof StormletError && error.code !== 'expression/failed' ? error : 'error';
    }
  };
  for (let start = 0; start < questions.length; start += 500) {
    ours.push(...(await Promise.all(questions.slice(start, start + 500).map(ask))));
  }
  const wrong = questions.flatMap((question, index) =>
    ours[index] === theirs[index] ? [] : [{ question, ours: ours[index], theirs: theirs[index] }],
  );
  expect(wrong).toEqual([]);
  for (const answer of [true, false]) {
    expect(ours.filter((own) => own === answer).length).toBeGreaterThan(questions.length * share);
  }
}

const TEXTS = [
  '',
  'a',
  'A',
  'ab',
  'AB',
  'b',
  'Straße',
  'STRASSE',
  '1',
  'true',
  '😀',
  '\uffee',
  'é',
  'É',
  'a😀',
  'a\uffee',
];
const SCALARS: Json[] = [null, true, false, 0, 1, -1, 2, 0.5, 1.5, 1e20];

function randomValue(random: Random, depth = 2): Json {
  const kind = random.below(depth > 0 ? 8 : 5);
  if (kind < 3) return random.pick(TEXTS);
  if (kind < 5) return random.pick(SCALARS);
  if (kind < 7) return Array.from({ length: random.below(4) }, () => randomValue(random, depth - 1));
  return Object.fromEntries(
    Array.from({ length: random.below(3) }, () => [random.pick(TEXTS), randomValue(random, depth - 1)]),
  );
}

/** Something that has to do with the value: itself, one number apart, a part of it, or a list that holds it. */
function related(value: Json, random: Random): Json {
  const choices: Json[] = [value, [value], [randomValue(random), value]];
  if (typeof value === 'string')
    choices.push([...value][0] ?? '', [...value].at(-1) ?? '', value.toUpperCase(), `${value}x`);
  if (typeof value === 'number') choices.push(value + 1, value - 0.5, value === 1);
  if (Array.isArray(value)) choices.push(value[0] ?? null, value.slice(1), [...value, 1]);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) choices.push(Object.keys(value)[0] ?? 'a');
  return random.pick(choices);
}
