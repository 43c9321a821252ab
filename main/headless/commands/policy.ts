import { type Command, Option } from 'commander';
import type { PolicySummary, PolicyType } from '../../contract/policies.ts';
import type { ResourceRef } from '../../contract/refs.ts';
import type { Client } from '../../contract/rpc.ts';
import type { Cli } from '../cli-context.ts';
import { parseValues } from '../parse-values.ts';
import { state, table } from '../text.ts';

const POLICY_TYPES: readonly PolicyType[] = ['action.concurrency', 'action.concurrency.attr', 'action.retry'];
const VALUES = {
  threshold: { type: 'integer' },
  action: { type: 'string' },
  attributes: { type: 'array' },
  retry_on: { type: 'string' },
  max_retry_count: { type: 'integer' },
  delay: { type: 'number' },
} as const;

/** How many executions of an action run at one time, and which of them are tried again. */
export function addPolicyCommands(program: Command, cli: Cli): void {
  const policy = program.command('policy').description('list, make and switch policies of actions');
  policy
    .command('list')
    .description('list the policies, and the policy files that cannot be read')
    .action(() => cli.ask((client) => list(cli, client)));
  policy
    .command('get')
    .description('print a policy’s YAML')
    .argument('<ref>')
    .action((ref: string) =>
      cli.ask(async (client) => {
        const detail = await client.policies.get({ ref: ref as ResourceRef });
        cli.show(detail, () => `# ${detail.file}\n${detail.yaml.trimEnd()}`);
      }),
    );
  addCreate(policy, cli);
  policy
    .command('delete')
    .description('delete a policy of your own')
    .argument('<ref>')
    .action((ref: string) =>
      cli.ask(async (client) => {
        await client.policies.remove({ ref: ref as ResourceRef });
        cli.show({ ref }, () => `${ref} is deleted`);
      }),
    );
  addSwitches(policy, cli);
}

function addCreate(policy: Command, cli: Cli): void {
  policy
    .command('create')
    .description('make a policy of your own')
    .argument('<name>')
    .argument('<key=value...>', 'its parameters: threshold, action, attributes; or retry_on, max_retry_count, delay')
    .requiredOption('--for <action>', 'the action that it is for')
    .addOption(new Option('--type <type>', 'what it does').choices(POLICY_TYPES).default('action.concurrency'))
    .option('--description <text>', 'what it is good for', '')
    .action((name: string, words: string[], options: { for: string; type: PolicyType; description: string }) =>
      cli.ask(async (client) => {
        const created = await client.policies.create({
          name,
          description: options.description,
          resource: options.for as ResourceRef,
          type: options.type,
          parameters: parseValues(words, undefined, VALUES),
        });
        cli.show(created, () => `${created.ref} is ${created.state}, in ${created.file}`);
      }),
    );
}

function addSwitches(policy: Command, cli: Cli): void {
  for (const [name, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    policy
      .command(name)
      .description(`${name} a policy`)
      .argument('<ref>')
      .action((ref: string) =>
        cli.ask(async (client) => {
          const changed = await client.policies.setEnabled({ ref: ref as ResourceRef, enabled });
          cli.show(changed, () => `${changed.ref} is ${changed.enabled ? 'enabled' : 'disabled'}`);
        }),
      );
  }
}

async function list(cli: Cli, client: Client): Promise<void> {
  const [policies, problems] = await Promise.all([client.policies.list(), client.policies.problems()]);
  const { describeProblem } = await import('../../contract/errors.ts');
  const errors = problems.map((problem) => `error: ${describeProblem(problem)}`);
  cli.show({ policies, problems }, () => [policyTable(policies), ...errors].join('\n'));
}

function policyTable(policies: readonly PolicySummary[]): string {
  const rows = policies.map((policy) => [
    policy.ref,
    state(policy.state),
    policy.type,
    policy.resource,
    Object.entries(policy.parameters)
      .map(([name, value]) => `${name}=${String(value)}`)
      .join(' '),
    policy.problems[0]?.message ?? '',
  ]);
  return table(['POLICY', 'STATE', 'TYPE', 'ACTION', 'PARAMETERS', 'PROBLEM'], rows, 'there are no policies');
}
