import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Client } from '../../contract/rpc.ts';
import type { CriterionVerdict, RuleTest, RuleTestResult, RuleText } from '../../contract/rule-tests.ts';
import type { Cli } from '../cli-context.ts';
import { instant, wholeNumber } from '../option-values.ts';
import { localTime, state } from '../text.ts';

/** Making a rule from a file, and trying one, saved or not, on events of the history. */
export function addRuleTryingCommands(rule: Command, cli: Cli): void {
  rule
    .command('add')
    .description('add a rule of your own from a YAML file')
    .argument('<file>')
    .action((file: string) =>
      cli.ask(async (client) => {
        const added = await client.rules.add({ yaml: await readFile(file, 'utf8') });
        cli.show(added, () => `${added.ref} is ${added.state}, in ${added.file}`);
      }),
    );
  rule
    .command('test')
    .description('tell what a rule would have made of past events; nothing is run')
    .argument('<rule>', 'its reference, or a YAML file')
    .option('--payload <json>', 'an event of your own instead of those of the history')
    .option('--since <time>', 'events of then or later', instant)
    .option('--until <time>', 'events before then', instant)
    .option('--limit <count>', 'at most so many events', wholeNumber, 50)
    .action((named: string, options: TestOptions) =>
      cli.ask(async (client) => {
        const tested = await testRule(client, await textOf(client, named), options);
        cli.show(tested, () => testText(tested));
        if (!tested.rule) cli.fail();
      }),
    );
}

type TestOptions = { payload?: string; since?: string; until?: string; limit: number };

async function textOf(client: Client, named: string): Promise<RuleText> {
  const { ResourceRef } = await import('../../contract/refs.ts');
  const ref = /\.ya?ml$/.test(named) ? undefined : ResourceRef.safeParse(named).data;
  if (!ref) return { yaml: await readFile(named, 'utf8') };
  return { ref, yaml: (await client.rules.get({ ref })).yaml };
}

/** Page after page, as far as asked for. */
async function testRule(client: Client, text: RuleText, { payload, limit, ...range }: TestOptions): Promise<RuleTest> {
  if (payload !== undefined) {
    const { JsonObject } = await import('../../contract/json.ts');
    return client.rules.test({ ...text, payload: JsonObject.parse(JSON.parse(payload)) });
  }
  const results: RuleTestResult[] = [];
  let before: string | undefined;
  for (;;) {
    const rest = { limit: Math.min(MOST_AT_ONCE, limit - results.length), ...(before !== undefined && { before }) };
    const test = await client.rules.test({ ...text, ...range, ...rest });
    results.push(...test.results);
    before = test.next;
    if (before === undefined || results.length >= limit) return { ...test, results };
  }
}

const MOST_AT_ONCE = 500;

function testText({ problems, rule, results }: RuleTest): string {
  const lines = problems.map(
    ({ severity, message, line }) => `${severity}: ${message}${line ? ` (line ${line})` : ''}`,
  );
  if (!rule) return lines.join('\n');
  const matched = results.filter((result) => result.matched).length;
  const summary = `${rule.name} would have matched ${matched} of ${results.length} events of ${rule.trigger.type}`;
  return [...lines, ...results.map(resultText), summary].join('\n');
}

function resultText({ event, matched, criteria, parameters, fault }: RuleTestResult): string {
  const head = [
    event ? `${localTime(event.receivedAt)} ${event.id}` : 'your event',
    state(matched ? 'matched' : 'not matched'),
  ];
  const stopped = criteria.find(({ holds }) => !holds);
  const why = matched ? `would run with ${JSON.stringify(parameters ?? {})}` : stopped ? criterionText(stopped) : '';
  return `${head.join(' ')}: ${fault ? fault.message : why}`;
}

function criterionText({ key, operator, seen, expected }: CriterionVerdict): string {
  return `\`${key}\` was ${JSON.stringify(seen)}, wanted ${operator} ${JSON.stringify(expected)}`;
}
