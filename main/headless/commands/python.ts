import { type Command, Option } from 'commander';
import type { PythonRunSettings } from '../../contract/python-settings.ts';
import type { SettingsPatch } from '../../contract/settings.ts';
import type { Cli } from '../cli-context.ts';
import { parseValues, UsageError } from '../parse-values.ts';
import { fields } from '../text.ts';

type Whose = { readonly pack?: string; readonly action?: string };
type Values = ReturnType<typeof parseValues>;

const LIMITS = ['memoryMb', 'cpuSeconds', 'openFiles', 'outputKb'];
const TYPES = {
  isolation: { type: 'string' },
  preImport: { type: 'boolean' },
  idleMinutes: { type: 'number' },
  ...Object.fromEntries(LIMITS.map((name) => [name, { type: 'integer' }])),
} as const;

/** How Python actions get their processes, and what those may use: for all, for a pack, for an action. */
export function addPythonCommands(program: Command, cli: Cli): void {
  const python = program.command('python').description('how Python actions get their processes, and their limits');
  python
    .command('show')
    .description('show what holds for all, for a pack or for an action')
    .addOption(new Option('--pack <ref>', 'for the actions of a pack').conflicts('action'))
    .option('--action <ref>', 'for one action')
    .action((whose: Whose) =>
      cli.ask(async (client) => {
        const { python: settings } = await client.settings.get();
        await show(cli, settings, whose);
      }),
    );
  python
    .command('set')
    .description(`set ${Object.keys(TYPES).join(', ')}; 0 is no limit`)
    .argument('<key=value...>')
    .addOption(new Option('--pack <ref>', 'for the actions of a pack').conflicts('action'))
    .option('--action <ref>', 'for one action: limits only')
    .action((words: string[], whose: Whose) =>
      cli.ask(async (client) => {
        const values = parseValues(words, undefined, TYPES);
        checkNames(values, whose);
        const { python: settings } = await client.settings.get();
        const changed = await client.settings.update({ python: patchFor(settings, values, whose) });
        await show(cli, changed.python, whose);
      }),
    );
  addReset(python, cli);
}

/** Takes away what a pack or an action has of its own. */
function addReset(python: Command, cli: Cli): void {
  python
    .command('reset')
    .description('let what holds for all hold for a pack, or what holds for its pack for an action')
    .addOption(new Option('--pack <ref>', 'for the actions of a pack').conflicts('action'))
    .option('--action <ref>', 'for one action')
    .action((whose: Whose) =>
      cli.ask(async (client) => {
        const { pack, action } = whose;
        if (pack === undefined && action === undefined) throw new UsageError('name `--pack` or `--action`');
        const { packs, actions } = (await client.settings.get()).python;
        const patch =
          pack === undefined ? { actions: without(actions, action ?? '') } : { packs: without(packs, pack) };
        await show(cli, (await client.settings.update({ python: patch })).python, whose);
      }),
    );
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const { [key]: _gone, ...others } = record;
  return others;
}

function checkNames(values: Values, { pack, action }: Whose): void {
  const known = action ? LIMITS : pack ? ['isolation', 'preImport', ...LIMITS] : Object.keys(TYPES);
  const unknown = Object.keys(values).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UsageError(`\`${unknown}\` cannot be set here; there is: ${known.join(', ')}`);
}

/** What the values mean is the contract's to check. */
function patchFor(settings: PythonRunSettings, values: Values, { pack, action }: Whose): SettingsPatch['python'] {
  const limits = Object.fromEntries(Object.entries(values).filter(([name]) => LIMITS.includes(name)));
  const others = Object.fromEntries(Object.entries(values).filter(([name]) => !LIMITS.includes(name)));
  if (action) {
    const before = settings.actions[action]?.limits;
    return { actions: { ...settings.actions, [action]: { limits: { ...before, ...limits } } } };
  }
  if (pack) {
    const before = settings.packs[pack];
    return { packs: { ...settings.packs, [pack]: { ...before, ...others, limits: { ...before?.limits, ...limits } } } };
  }
  return { ...others, ...(Object.keys(limits).length > 0 && { limits: { ...settings.limits, ...limits } }) };
}

async function show(cli: Cli, settings: PythonRunSettings, { pack, action }: Whose): Promise<void> {
  const { runSettingsOf } = await import('../../contract/python-settings.ts');
  const holds = runSettingsOf(settings, pack ?? action?.split('.')[0] ?? '', action ?? '');
  const { idleMinutes } = settings;
  cli.show({ ...holds, idleMinutes }, () => {
    const { isolation, preImport, limits } = holds;
    const rows = { isolation, preImport, idleMinutes, ...limits };
    return fields(Object.fromEntries(Object.entries(rows).map(([name, value]) => [name, String(value)])));
  });
}
