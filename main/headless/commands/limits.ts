import type { Command } from 'commander';
import type { Settings } from '../../contract/settings.ts';
import type { Cli } from '../cli-context.ts';
import { parseValues, UsageError } from '../parse-values.ts';
import { fields } from '../text.ts';

type Limits = Settings['executions'];
type Whose = { readonly pack?: string };

const TYPES = { concurrency: { type: 'integer' }, workflows: { type: 'integer' } } as const;

/** How many executions run at one time. */
export function addLimitsCommands(program: Command, cli: Cli): void {
  const limits = program.command('limits').description('how many executions run at one time');
  limits
    .command('show')
    .description('show what holds for all, or for a pack')
    .option('--pack <ref>', 'for the actions of a pack')
    .action((whose: Whose) => cli.ask(async (client) => show(cli, (await client.settings.get()).executions, whose)));
  limits
    .command('set')
    .description('set concurrency (actions), workflows; of a pack concurrency alone, where 0 is no limit of its own')
    .argument('<key=value...>')
    .option('--pack <ref>', 'for the actions of a pack')
    .action((words: string[], whose: Whose) =>
      cli.ask(async (client) => {
        const values = parseValues(words, undefined, TYPES);
        const known = whose.pack ? ['concurrency'] : Object.keys(TYPES);
        const unknown = Object.keys(values).find((name) => !known.includes(name));
        if (unknown !== undefined)
          throw new UsageError(`\`${unknown}\` cannot be set here; there is: ${known.join(', ')}`);
        const { executions } = await client.settings.get();
        const patch = whose.pack ? { packs: packsWith(executions, whose.pack, values) } : values;
        show(cli, (await client.settings.update({ executions: patch })).executions, whose);
      }),
    );
}

/** What the values mean is the contract's to check. */
function packsWith({ packs }: Limits, pack: string, values: ReturnType<typeof parseValues>): Limits['packs'] {
  const { [pack]: before, ...others } = packs;
  if (values.concurrency === 0) return others;
  return { ...others, [pack]: { ...before, ...values } };
}

function show(cli: Cli, { concurrency, workflows, packs }: Limits, { pack }: Whose): void {
  const shown = pack ? { concurrency: packs[pack]?.concurrency ?? 0 } : { concurrency, workflows, packs };
  cli.show(shown, () => {
    if (pack) return fields({ concurrency: String(packs[pack]?.concurrency ?? 'no limit of its own') });
    const ofPacks = Object.entries(packs).map(([ref, own]) => [ref, String(own.concurrency ?? '')]);
    return fields({ concurrency: String(concurrency), workflows: String(workflows), ...Object.fromEntries(ofPacks) });
  });
}
