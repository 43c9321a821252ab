import { expect, it } from 'vitest';
import type { Json } from '../../main/contract/json.ts';
import type { Done, Scope, Step } from '../../main/expressions/workflow-evaluator.ts';
import { PlainEvaluator } from '../../main/expressions/workflow-plain.ts';
import { testService } from '../support/expressions.ts';
import { Random } from '../support/random.ts';

const SEED = 20261125;
const CASES = 3000;

it(`answers ${CASES} generated texts of workflows exactly as YAQL and Jinja do, or not at all (seed ${SEED})`, async () => {
  const random = new Random(SEED);
  await using service = testService();
  const plain = new PlainEvaluator();
  const wrong: unknown[] = [];
  let answered = 0;
  const check = async () => {
    const scope = randomScope(random);
    const step = randomStep(random);
    const ours = plain.step(step, scope);
    const [theirs] = await service.evaluate([step], scope);
    if (ours) answered += 1;
    if (ours && JSON.stringify(told(ours)) !== JSON.stringify(told(theirs))) wrong.push({ step, scope, ours, theirs });
    if (ours && plain.isPlain(String(step.value ?? ''))) {
      expect((await service.faults([String(step.value ?? '')])).flat()).toEqual([]);
    }
  };
  for (let batch = 0; batch < CASES; batch += 100) await Promise.all(Array.from({ length: 100 }, check));

  expect(wrong).toEqual([]);
  expect(answered).toBeGreaterThan(CASES / 5);
});

function told({ held, assigned, value, errors }: Done = { assigned: [], errors: [] }): Json {
  return [held ?? null, assigned as unknown as Json, value ?? null, errors as unknown as Json];
}

const NAMES = ['a', 'b', 'm', 'l', 'items', 'keys', '__x', 'null', 'not', 'len', 'true', 'a-b'];

function randomScope(random: Random): Scope {
  const variables = Object.fromEntries(NAMES.map((name) => [name, randomValue(random, 3)]));
  const status = random.pick(['succeeded', 'failed', 'canceled', 'running', 'pending']);
  return {
    variables,
    result: randomValue(random, 3),
    ...(random.chance(0.8) && { task: { id: 't', route: 0, status } }),
    taskNamed: () => undefined,
  };
}

function randomValue(random: Random, depth: number): Json {
  if (depth > 0 && random.chance(0.5)) {
    if (random.chance(0.3)) return [randomValue(random, depth - 1), randomValue(random, depth - 1)];
    return Object.fromEntries(
      [random.pick(NAMES), random.pick(NAMES)].map((name) => [name, randomValue(random, depth - 1)]),
    );
  }
  return random.pick<Json>([
    null,
    true,
    false,
    0,
    5,
    -1.5,
    '',
    'text',
    "it's",
    'a\nb',
    'é',
    '<% ctx(a) %>',
    '{{ 1 }}',
    '<%',
    [],
  ]);
}

function randomStep(random: Random): Step {
  const text = () => randomText(random);
  return {
    ...(random.chance(0.4) && { when: text() }),
    ...(random.chance(0.4) && {
      assign: [
        [random.pick(NAMES), text()],
        ['b', { k: text() }],
      ],
    }),
    ...(random.chance(0.7) && { value: random.chance(0.7) ? text() : { k: [text(), 1], [random.pick(NAMES)]: null } }),
    ...(random.chance(0.5) && { item: randomValue(random, 2) }),
  };
}

function randomText(random: Random): string {
  const one = () => random.pick(random.chance(0.5) ? YAQL : JINJA).replaceAll('N', () => random.pick(NAMES));
  if (random.chance(0.6)) return one();
  return Array.from({ length: 1 + random.below(3) }, () => (random.chance(0.4) ? random.pick(TEXTS) : one())).join('');
}

const TEXTS = ['', ' ', 'text', '\n', 'a\r\n', '%>', '}}', '{', '{% if true %}', '<%'];
const YAQL = [
  '<% ctx(N) %>',
  '<% ctx(N).N %>',
  "<%ctx('N')%>",
  '<% ctx("N").N.N %>',
  '<% ctx().N %>',
  '<% ctx().N.N %>',
  '<% ctx() %>',
  '<% result() %>',
  '<% result().N %>',
  '<% result().N.N %>',
  '<% item() %>',
  '<% item(N) %>',
  "<% item('N').N %>",
  '<% item().N %>',
  '<% succeeded() %>',
  '<% failed() %>',
  '<% completed() %>',
  '<% succeeded().N %>',
  '<% $ %>',
];
const JINJA = [
  '{{ ctx("N") }}',
  "{{ctx('N').N}}",
  '{{ ctx(N) }}',
  '{{ ctx().N }}',
  '{{ ctx().N.N }}',
  '{{ ctx() }}',
  '{{ result() }}',
  '{{ result().N }}',
  '{{ result().N.N }}',
  '{{ item() }}',
  '{{ item("N") }}',
  '{{ item().N }}',
  '{{ succeeded() }}',
  '{{ failed() }}',
  '{{ completed() }}',
  '{{ ctx().N | length }}',
];
