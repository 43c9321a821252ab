import type { Command } from 'commander';
import type { Problem } from '../../contract/errors.ts';
import type { ResourceRef } from '../../contract/refs.ts';
import type { WorkflowGraph, WorkflowInspection } from '../../contract/workflows.ts';
import type { Cli } from '../cli-context.ts';

export function addWorkflowCommands(program: Command, cli: Cli): void {
  const workflow = program.command('workflow').description('look at workflows before they run');
  workflow
    .command('inspect')
    .description('show what is wrong with a workflow, and which tasks may follow which')
    .argument('<action>')
    .action((action: string) =>
      cli.ask(async (client) => {
        const found = await client.workflows.inspect({ action: action as ResourceRef });
        const { describeProblem } = await import('../../contract/errors.ts');
        cli.show(found, () => inspectionText(found, describeProblem));
        if (found.problems.some(({ severity }) => severity === 'error')) cli.fail();
      }),
    );
}

function inspectionText({ problems, graph }: WorkflowInspection, describe: (problem: Problem) => string): string {
  const lines = problems.map((problem) => `${problem.severity}: ${describe(problem)}`);
  return [...lines, ...(graph ? graphLines(graph) : [])].join('\n');
}

function graphLines({ nodes, edges }: WorkflowGraph): string[] {
  return nodes.flatMap(({ task, action, start, items, join }) => {
    const marks = [start && 'start', items && 'for each item', join !== undefined && `joins ${join}`].filter(Boolean);
    const after = edges.filter(({ from }) => from === task);
    return [
      `${task} (${action ?? 'nothing'})${marks.length > 0 ? `, ${marks.join(', ')}` : ''}`,
      ...after.map(({ to, when }) => `  → ${to}${when === undefined ? '' : `: ${when}`}`),
    ];
  });
}
