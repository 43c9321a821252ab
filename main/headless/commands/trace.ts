import type { Command } from 'commander';
import type { Execution } from '../../contract/executions.ts';
import type { Trace } from '../../contract/traces.ts';
import type { Cli } from '../cli-context.ts';
import { duration, localTime, state } from '../text.ts';
import { instanceText } from './trigger.ts';

export function addTraceCommand(program: Command, cli: Cli): void {
  program
    .command('trace')
    .description('print all that followed from an event, or from an execution: verdicts, executions, notices')
    .argument('<id>', 'of a trigger instance or of an execution')
    .action((id: string) =>
      cli.ask(async (client) => {
        const trace = await client.traces.get({ id });
        cli.show(trace, () => traceText(trace));
      }),
    );
}

function traceText({ event, executions, notices, more }: Trace): string {
  const depths = depthsOf(executions);
  const parts = [
    ...(event ? [instanceText(event)] : []),
    ...executions.map((each) => `${'  '.repeat(depths.get(each.id) ?? 0)}${executionLine(each)}`),
    ...(more ? ['… and more executions'] : []),
    ...notices.map(({ title, body }) => `notice: ${title}: ${body}`),
  ];
  return parts.join('\n');
}

function executionLine({ id, action, status, createdAt, startedAt, endedAt, fault }: Execution): string {
  const took = duration(startedAt, endedAt);
  const head = `${action} ${state(status)}${took ? ` in ${took}` : ''}, ${localTime(createdAt)}: execution ${id}`;
  return fault ? `${head}, ${fault.message}` : head;
}

function depthsOf(executions: readonly Execution[]): Map<string, number> {
  const depths = new Map<string, number>();
  for (const { id, context } of executions) {
    depths.set(id, context.parent === undefined ? 0 : (depths.get(context.parent) ?? -1) + 1);
  }
  return depths;
}
