import { expect, it } from 'vitest';
import type { Json } from '../../main/contract/json.ts';
import { parsePythonLiteral } from '../../main/expressions/python-literal.ts';
import { askPython } from '../support/ask-python.ts';
import { Random } from '../support/random.ts';

const SEED = 20261124;

const LITERAL_EVAL = `
import ast
def plain(value):
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key if isinstance(key, str) else json.dumps(key): plain(item) for key, item in value.items()}
    raise TypeError(value)
def answer(text):
    return plain(ast.literal_eval(text))
`;

it(`reads ${3000} generated literals as Python does (seed ${SEED})`, async () => {
  const random = new Random(SEED);
  const texts = Array.from({ length: 3000 }, () => randomLiteral(random, 3));
  const theirs = await askPython(LITERAL_EVAL, texts);
  const ours = texts.map((text) => {
    try {
      return parsePythonLiteral(text);
    } catch {
      return 'error';
    }
  });
  const wrong = texts.flatMap((text, index) => {
    const pair = [ours[index], theirs[index]].map((value) => JSON.stringify(value));
    return pair[0] === pair[1] ? [] : [{ text, ours: pair[0], theirs: pair[1] }];
  });
  expect(wrong).toEqual([]);
  expect(ours.filter((value) => value !== 'error').length).toBeGreaterThan(1000);
});

it('reads back whatever Python prints', async () => {
  const values: Json[] = [
    null,
    true,
    -1.5e-7,
    "it's",
    'a"b',
    '\n\t\\\x00\x7f\u00a0',
    '😀é\u2028',
    [],
    {},
    { a: [{ 'b c': [null] }] },
  ];
  const printed = await askPython('def answer(value): return repr(value)', values);
  expect(printed.map((text) => parsePythonLiteral(String(text)))).toEqual(values);
});

const SCALARS = [
  ...[
    'None',
    'True',
    'False',
    'true',
    'null',
    '0',
    '00',
    '007',
    '1_0',
    '1__0',
    '_1',
    '0x1F',
    '0o17',
    '0b11',
    '1.',
    '.5',
    '1.5e-3',
    '1e5',
  ],
  ...[
    '-1',
    '+1',
    '--1',
    '- 1',
    '1j',
    '1.e',
    '"a"',
    "'b'",
    "'it\\'s'",
    '"x\\n"',
    "'a' 'b'",
    "u'x'",
    "b'x'",
    "r'\\n'",
    "f'x'",
    '"""t"q"""',
  ],
  ...[
    "'\\x41\\u00e9\\101'",
    "'\\d'",
    "'\\x4'",
    "'open",
    '"a\nb"',
    "'''a\nb'''",
    "'\\U0001F600'",
    "'\\\nx'",
    'x',
    '...',
    'é',
    '1 2',
    '-None',
    '',
  ],
];

function randomLiteral(random: Random, depth: number): string {
  if (depth === 0 || random.chance(0.4)) return random.pick(SCALARS);
  const items = () => Array.from({ length: random.below(4) }, () => randomLiteral(random, depth - 1));
  const space = () => random.pick(['', ' ', '']);
  const comma = () => `${space()},${space()}`;
  const end = random.chance(0.15) ? ',' : '';
  switch (random.below(4)) {
    case 0:
      return `(${space()}${items().join(comma())}${end})`;
    case 1:
      return `{${items()
        .map((value, index) => `${["'k'", '"a b"', '1', 'None'][index]}:${space()}${value}`)
        .join(comma())}${end}}`;
    case 2:
      return items().join(',');
    default:
      return `[${items().join(comma())}${end}${random.chance(0.05) ? '' : ']'}`;
  }
}
