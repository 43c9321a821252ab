import type { Command } from 'commander';
import type { ResourceRef } from '../../contract/refs.ts';
import type { RuleSummary } from '../../contract/rules.ts';
import type { Cli } from '../cli-context.ts';
import { state, table } from '../text.ts';
import { addRuleTryingCommands } from './rule-trying.ts';

export function addRuleCommands(program: Command, cli: Cli): void {
  const rule = program.command('rule').description('list, show, add, try and switch rules');
  rule
    .command('list')
    .description('list the rules, and the rule files that cannot be read')
    .action(() =>
      cli.ask(async (client) => {
        const [rules, problems] = await Promise.all([client.rules.list(), client.rules.problems()]);
        const { describeProblem } = await import('../../contract/errors.ts');
        cli.show({ rules, problems }, () =>
          [ruleTable(rules), ...problems.map((problem) => `error: ${describeProblem(problem)}`)].join('\n'),
        );
      }),
    );
  rule
    .command('show')
    .description('print a rule’s YAML')
    .argument('<ref>')
    .action((ref: string) =>
      cli.ask(async (client) => {
        const detail = await client.rules.get({ ref: ref as ResourceRef });
        cli.show(detail, () => `# ${detail.file}\n${detail.yaml.trimEnd()}`);
      }),
    );
  addRuleTryingCommands(rule, cli);
  for (const [name, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    rule
      .command(name)
      .description(`${name} a rule`)
      .argument('<ref>')
      .action((ref: string) =>
        cli.ask(async (client) => {
          const changed = await client.rules.setEnabled({ ref: ref as ResourceRef, enabled });
          cli.show(changed, () => `${changed.ref} is ${changed.enabled ? 'enabled' : 'disabled'}`);
        }),
      );
  }
}

function ruleTable(rules: readonly RuleSummary[]): string {
  const rows = rules.map((rule) => [
    rule.ref,
    state(rule.state),
    rule.trigger.type,
    rule.action.ref,
    rule.problems[0]?.message ?? '',
  ]);
  return table(['RULE', 'STATE', 'TRIGGER', 'ACTION', 'PROBLEM'], rows, 'there are no rules');
}
