import type { Command } from 'commander';
import type { Execution } from '../../contract/executions.ts';
import type { Client } from '../../contract/rpc.ts';
import type { Cli } from '../cli-context.ts';
import { instant, wholeNumber } from '../option-values.ts';
import { parseDelay } from '../parse-delay.ts';
import { parseValues } from '../parse-values.ts';
import { startExecution } from '../start-execution.ts';
import { duration, fields, localTime, state, table } from '../text.ts';

export function addExecutionCommands(program: Command, cli: Cli): void {
  const execution = program.command('execution').description('list, show, cancel, pause and repeat executions');
  execution
    .command('list')
    .description('list executions, the newest first')
    .option('--action <ref>', 'of one action only')
    .option('--status <status...>', 'in these statuses only')
    .option('--pack <pack>', 'of the actions of one pack only')
    .option('--rule <ref>', 'that one rule asked for only')
    .option('--since <time>', 'created then or later', instant)
    .option('--until <time>', 'created before then', instant)
    .option('--text <text>', 'with that text in their parameters, result or error only')
    .option('--limit <count>', 'at most so many', wholeNumber, 20)
    .action((options: ListOptions) =>
      cli.ask(async (client) => {
        const { items, more } = await listExecutions(client, options);
        cli.show(items, () => executionTable(items, more));
      }),
    );
  execution
    .command('get')
    .description('show all that is recorded of an execution')
    .argument('<id>')
    .action((id: string) =>
      cli.ask(async (client) => {
        const found = await client.executions.get({ id });
        const { readTaskTree, taskTreeText } = await import('../task-text.ts');
        const tree = cli.json ? undefined : await readTaskTree(client, found);
        cli.show(found, () => executionText(found, tree ? taskTreeText(tree) : []));
      }),
    );
  addControl(execution, cli, 'cancel', 'cancel an execution');
  addControl(execution, cli, 'pause', 'begin nothing new in a workflow until it is resumed');
  addControl(execution, cli, 'resume', 'go on with a workflow that is paused');
  addRerun(execution, cli);
}

function addControl(execution: Command, cli: Cli, name: 'cancel' | 'pause' | 'resume', description: string): void {
  execution
    .command(name)
    .description(description)
    .argument('<id>')
    .action((id: string) =>
      cli.ask(async (client) => {
        const changed = await client.executions[name]({ id });
        cli.show(changed, () => `${changed.id} is ${changed.status}`);
      }),
    );
}

function addRerun(execution: Command, cli: Cli): void {
  execution
    .command('rerun')
    .description('run the same action once more, with the same parameters or with some of them changed')
    .argument('<id>')
    .argument('[values...]', '`key=value`, read by the types of the action’s parameters')
    .option('--parameters <json>', 'the changed parameters as one JSON object; `key=value` words go on top')
    .option('--delay <time>', 'run it so much later: `1500` and `1500ms`, `10s`, `5m`, `2h`, `1d`', parseDelay)
    .option('--tasks <names>', 'of a workflow that is over: go on from these tasks, with commas between', commaWords)
    .option('--failed', 'of a workflow that is over: go on from the tasks that failed')
    .option('--no-reset', 'of a task with items, run only those that failed')
    .option('--no-wait', 'print the execution’s id and leave it running')
    .action((id: string, words: string[], options: RerunOptions) =>
      cli.ask(async (client) => {
        const tasks = options.failed ? [] : options.tasks;
        if (tasks) {
          const request = { id, tasks, reset: options.reset };
          return startExecution(cli, client, () => client.executions.rerun(request), options);
        }
        const before = await client.executions.get({ id });
        const action = await client.actions.get({ ref: before.action });
        const parameters = parseValues(words, options.parameters, action.parameters);
        const request = { id, parameters, ...(options.delay !== undefined && { delay: options.delay }) };
        await startExecution(cli, client, () => client.executions.rerun(request), options);
      }),
    );
}

type RerunOptions = {
  readonly parameters?: string;
  readonly delay?: number;
  readonly tasks?: string[];
  readonly failed?: boolean;
  readonly reset: boolean;
  readonly wait: boolean;
};

function commaWords(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
}

type ListOptions = Omit<Parameters<Client['executions']['page']>[0], 'before' | 'limit'> & { limit: number };

/** A page may end early where it has to look far: then the next one goes on. */
async function listExecutions(client: Client, { limit, ...filter }: ListOptions) {
  const items: Execution[] = [];
  let before: string | undefined;
  for (;;) {
    const rest = { limit: Math.min(limit - items.length, MOST_AT_ONCE), ...(before !== undefined && { before }) };
    const page = await client.executions.page({ ...filter, ...rest });
    items.push(...page.items);
    before = page.next;
    if (items.length >= limit || before === undefined) return { items, more: page.more };
  }
}

const MOST_AT_ONCE = 500;

function executionTable(executions: readonly Execution[], more: boolean): string {
  const rows = executions.map((each) => [
    each.id,
    each.action,
    state(each.status),
    each.context.rule ?? each.context.source,
    localTime(each.createdAt),
    duration(each.startedAt, each.endedAt),
  ]);
  const text = table(['ID', 'ACTION', 'STATUS', 'BY', 'CREATED', 'TOOK'], rows, 'there are no executions');
  return more ? `${text}\n… and older ones; \`--limit\` shows more` : text;
}

function delayText({ delay }: Execution): string | undefined {
  return delay && [delay.reason, delay.until && `until ${localTime(delay.until)}`].filter(Boolean).join(', ');
}

function executionText(execution: Execution, tasks: readonly string[]): string {
  const { fault } = execution;
  const head = fields({
    id: execution.id,
    action: execution.action,
    status: state(execution.status),
    waits: delayText(execution),
    by: execution.context.rule ?? execution.context.source,
    'trigger instance': execution.context.triggerInstance,
    'run again from': execution.context.rerunOf ?? execution.context.policies?.retry?.of,
    created: localTime(execution.createdAt),
    took: duration(execution.startedAt, execution.endedAt) || undefined,
    process: execution.isolation,
    parameters: JSON.stringify(execution.parameters),
    error: fault?.message,
    hint: fault?.hint,
  });
  const steps = execution.steps.map(
    ({ name, state: its, detail }) => `  ${name}: ${its}${detail ? `, ${detail}` : ''}`,
  );
  const parts = [head];
  if (tasks.length > 0) parts.push(`tasks\n${tasks.join('\n')}`);
  if (steps.length > 0) parts.push(`steps\n${steps.join('\n')}`);
  if (execution.result !== undefined) parts.push(`result\n${JSON.stringify(execution.result, null, 2)}`);
  return parts.join('\n\n');
}
