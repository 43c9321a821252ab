import { expect, it } from 'vitest';
import type { Json, JsonObject } from '../../main/contract/json.ts';
import { Expressions } from '../../main/expressions/renderer.ts';
import { testDatastore, testService } from '../support/expressions.ts';
import { Random } from '../support/random.ts';

const SEED = 20261124;
const CASES = 4000;
const MISS = { missed: true };
const KEYS = { 'system:key': 'value', 'system:a.b': 'dotted', 'user:key': 'mine' };

it(`answers ${CASES} generated templates exactly as jinja2 does, or not at all (seed ${SEED})`, async () => {
  const random = new Random(SEED);
  await using service = testService({ keys: KEYS });
  const missed = () => Promise.reject(MISS);
  const fast = new Expressions({ service: { render: missed, variables: missed }, datastore: testDatastore(KEYS) });

  let answered = 0;
  const wrong: unknown[] = [];
  const check = async () => {
    const context = { trigger: randomObject(random, 3), n: randomValue(random, 2) } satisfies JsonObject;
    const template = randomTemplate(random, context);
    const [ours, theirs] = await Promise.all([
      outcome(() => fast.render(template, context)),
      outcome(() => service.render(template, context)),
    ]);
    if (ours !== MISS) answered += 1;
    if (ours !== MISS && ours !== theirs) wrong.push({ template, context, ours, theirs });
    const names = await outcome(() => fast.variables(template));
    if (names !== MISS) expect(names, template).toEqual(await service.variables(template));
  };
  for (let batch = 0; batch < CASES; batch += 100) await Promise.all(Array.from({ length: 100 }, check));

  expect(wrong).toEqual([]);
  expect(answered).toBeGreaterThan(CASES / 4);
});

async function outcome<T>(work: () => T | Promise<T>): Promise<T | unknown> {
  try {
    return await work();
  } catch (error) {
    return error;
  }
}

function randomTemplate(random: Random, context: JsonObject): string {
  const parts = Array.from({ length: 1 + random.below(3) }, () => {
    if (random.chance(0.4)) return random.pick(TEXTS);
    return random.pick(BRACES).replace('PATH', () => randomPath(random, context));
  });
  return parts.join('');
}

const TEXTS = [
  '',
  'text ',
  '\n',
  'a\r\nb',
  '\r',
  'x\n\n',
  '}}',
  ' { ',
  '%}',
  '"',
  "'",
  '\\n',
  'ü € 𝄞',
  '{',
  '#}',
  '{{',
  '{#',
];
const BRACES = [
  ...['{{ PATH }}', '{{PATH}}', '{{ PATH }}', '{{\n\tPATH  }}', '{{ PATH | to_complex }}', '{{PATH|to_complex}}'],
  ...[
    '{{- PATH -}}',
    '{{ PATH + 1 }}',
    '{{ PATH | upper }}',
    '{{{ PATH }}}',
    '{{\u00a0PATH }}',
    '{% if 1 %}{{ PATH }}{% endif %}',
  ],
];

/** Mostly a path that leads to something, sometimes with a step that does not. */
function randomPath(random: Random, context: JsonObject): string {
  if (random.chance(0.08)) return random.pick(ODD_PATHS);
  let path = random.pick(Object.keys(context));
  let value: Json | undefined = context[path];
  while (random.chance(0.75)) {
    if (Array.isArray(value)) {
      const index = random.below(value.length + (random.chance(0.1) ? 1 : 0));
      path += `[${index}]`;
      value = value[index];
    } else if (value !== null && typeof value === 'object') {
      const key = random.chance(0.05) ? random.pick(NAMES) : (Object.keys(value)[0] ?? 'absent');
      path += random.chance(0.6) ? `.${key}` : random.pick([`["${key}"]`, `['${key}']`]);
      value = Object.hasOwn(value, key) ? value[key] : undefined;
    } else break;
  }
  return path;
}

const ODD_PATHS = [
  ...[
    'none',
    'None',
    'true',
    'False',
    'not',
    'self',
    'loop',
    'range',
    'dict',
    'nothing',
    'trigger.',
    '.trigger',
    'n[-1]',
  ],
  ...[
    'trigger["a\\nb"]',
    'n.0',
    'n[0',
    'trigger . a',
    'trigger["a" "b"]',
    'if',
    'in',
    'é',
    '5',
    '"text"',
    'trigger[n]',
  ],
  ...[
    'st2kv.system.key',
    'st2kv.system.a.b',
    'st2kv.user.key',
    'st2kv.system.none',
    'st2kv.system',
    'st2kv',
    'system.key',
  ],
  ...[
    'st2kv["system"]["a.b"]',
    'st2kv.system._x',
    'st2kv.other.key',
    'st2kv.system["key"]',
    'super',
    'trigger.__class__',
  ],
];
const NAMES = [
  'a',
  'b',
  'key',
  'items',
  'values',
  'copy',
  '_x',
  '__x',
  'a-b',
  'a b',
  'ü',
  'if',
  'None',
  '0',
  'constructor',
  'get',
];

function randomValue(random: Random, depth: number): Json {
  if (depth > 0 && random.chance(0.5)) {
    return random.chance(0.5)
      ? Array.from({ length: random.below(4) }, () => randomValue(random, depth - 1))
      : randomObject(random, depth - 1);
  }
  return random.pick([() => random.pick(SCALARS), () => randomNumber(random), () => randomText(random)])();
}

function randomObject(random: Random, depth: number): JsonObject {
  return Object.fromEntries(
    Array.from({ length: random.below(4) }, () => [random.pick(NAMES), randomValue(random, depth)]),
  );
}

const SCALARS = [
  null,
  true,
  false,
  '',
  0,
  1,
  -1,
  0.1,
  1e15,
  1e16,
  1e17,
  123456789012345680000,
  1e21,
  1e22,
  1e300,
  5e-324,
  1e-4,
  1e-5,
  1.5e-7,
];

function randomNumber(random: Random): number {
  const size = 10 ** (random.below(50) - 25);
  const value = (random.next() - 0.5) * size;
  return random.chance(0.4) ? Math.round(value) : Number(value.toPrecision(1 + random.below(17)));
}

const PIECES = [
  "'",
  '"',
  '\\',
  '\n',
  '\r',
  '\t',
  '\0',
  '\x1b',
  '\x7f',
  '\x85',
  '\xa0',
  '\xad',
  'é',
  'ÿ',
  'ƒ',
  'Ж',
  '中',
  '😀',
  '\u200b',
  '\u2028',
  '\ud800',
  '{{',
  '%',
  ' ',
  'word',
  '</b>',
];

function randomText(random: Random): string {
  return Array.from({ length: random.below(5) }, () => random.pick(PIECES)).join('');
}
