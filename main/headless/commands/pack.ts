import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import type { JsonObject } from '../../contract/json.ts';
import type { Distribution, PackDetail, PackInstallation, PackSummary } from '../../contract/packs.ts';
import type { PackRef, ResourceRef } from '../../contract/refs.ts';
import { catalogueText } from '../catalogue-text.ts';
import type { Cli } from '../cli-context.ts';
import { fields, localTime, state, table } from '../text.ts';
import { addPackAuthoring } from './pack-authoring.ts';
import { addPackConfigCommand } from './pack-config.ts';

export function addPackCommands(program: Command, cli: Cli): void {
  const pack = program.command('pack').description('install, update and remove packs; make, check and test one');
  pack
    .command('list')
    .description('list the installed packs')
    .action(() =>
      cli.ask(async (client) => {
        const packs = await client.packs.list();
        cli.show(packs, () => packTable(packs));
      }),
    );
  pack
    .command('show')
    .description('show what a pack brings, and its problems')
    .argument('<ref>')
    .action((ref: string) =>
      cli.ask(async (client) => {
        const detail = await client.packs.get({ ref: ref as PackRef });
        cli.show(detail, () => packText(detail));
      }),
    );
  addPackConfigCommand(pack, cli);
  pack
    .command('install')
    .description('install packs by name, or from a folder, an archive or a Git address, with `=version` behind it')
    .option('--force', 'install also what says that it does not fit this app or its Python', false)
    .option('--skip-dependencies', 'leave out the packs that a pack says it needs', false)
    .argument('<source...>')
    .action((sources: string[], { force, skipDependencies }: { force: boolean; skipDependencies: boolean }) => {
      const packs = sources.map((source) => absoluteSource(cli.folder, source));
      const options = { ...(force && { force }), ...(skipDependencies && { skip_dependencies: true }) };
      return runPackAction(cli, 'packs.install', { packs, ...options });
    });
  pack
    .command('search')
    .description('search the catalogues for packs to install')
    .option('--refresh', 'read the catalogues anew first', false)
    .argument('[words...]')
    .action((words: string[], { refresh }: { refresh: boolean }) =>
      cli.ask(async (client) => {
        if (refresh) await client.packs.refreshCatalogue();
        const page = await client.packs.catalogue({ search: words.join(' '), limit: 500 });
        cli.show(page, () => catalogueText(page));
      }),
    );
  pack
    .command('update')
    .description('fetch packs again from where they came from')
    .argument('<ref...>')
    .action((packs: string[]) => runPackAction(cli, 'packs.update', { packs }));
  pack
    .command('rollback')
    .description('go back to the versions before the last update, or return from there')
    .argument('<ref...>')
    .action((packs: string[]) => runPackAction(cli, 'packs.rollback', { packs }));
  pack
    .command('remove')
    .description('remove packs with their virtualenvs')
    .argument('<ref...>')
    .action((packs: string[]) => runPackAction(cli, 'packs.uninstall', { packs }));
  pack
    .command('setup-virtualenv')
    .description('create the virtualenvs of packs, or bring them up to date')
    .argument('<ref...>')
    .option('--python <interpreter>', 'build with this one, now and later; `auto` lets the app choose again')
    .option('--locked', 'install exactly the versions that are installed now')
    .action((packs: string[], { python, locked }: { python?: string; locked?: boolean }) => {
      const options = { ...(python !== undefined && { python }), ...(locked && { locked }) };
      return runPackAction(cli, 'packs.setup_virtualenv', { packs, update: true, ...options });
    });
  addPackAuthoring(pack, cli);
}

function runPackAction(cli: Cli, action: string, parameters: JsonObject): Promise<void> {
  return cli.ask(async (client) => {
    const { runInFront } = await import('../run-action.ts');
    const request = { action: action as ResourceRef, parameters };
    await runInFront(cli, client, () => client.executions.run(request), { result: false });
  });
}

/**
 * The app has another working folder, so what names a file here goes to it as an absolute path. A bare name is a pack that
 * ships with the app, even where a folder is called the same: `./name` means the folder.
 */
export function absoluteSource(folder: string, source: string): string {
  const resolved = path.resolve(folder, source);
  const isPath = /^\.{1,2}([\\/]|$)/.test(source) || path.isAbsolute(source);
  const namesFile = /[\\/]/.test(source) || /\.(zip|tar\.gz|tgz|tar)$/.test(source);
  return isPath || (namesFile && existsSync(resolved)) ? resolved : source;
}

function packTable(packs: readonly PackSummary[]): string {
  const rows = packs.map((pack) => [
    pack.ref,
    pack.version,
    state(pack.state),
    pack.origin,
    pack.virtualenv.python ?? '',
    [virtualenvText(pack), problemsText(pack)].filter((text) => text !== '').join('; '),
  ]);
  return table(['PACK', 'VERSION', 'STATE', 'ORIGIN', 'PYTHON', 'PROBLEMS'], rows, 'no packs are installed');
}

/** What is to be done about its virtualenv, where there is something. */
function virtualenvText({ ref, virtualenv }: PackSummary): string {
  const { state, why } = virtualenv;
  if (state === 'building') return 'its virtualenv is being built';
  if (!isToBuild(virtualenv)) return '';
  return `virtualenv ${state}${why === undefined ? '' : `: ${why}`} (\`stormlet pack setup-virtualenv ${ref}\`)`;
}

function isToBuild({ state }: PackSummary['virtualenv']): boolean {
  return state === 'missing' || state === 'outdated' || state === 'failed';
}

/** The first problem tells what to look at; `pack show` has them all. */
function problemsText({ problems }: PackSummary): string {
  const [first, ...more] = problems;
  if (!first) return '';
  return more.length > 0 ? `${first.message} (and ${more.length} more)` : first.message;
}

function packText(pack: PackDetail): string {
  const { virtualenv } = pack;
  const head = fields({
    pack: pack.ref,
    name: pack.name,
    version: pack.version,
    previous: pack.previous && (pack.previous.version || 'unknown'),
    state: state(pack.state),
    description: pack.description,
    path: pack.path,
    ...installationFields(pack.installation),
    virtualenv: [
      state(virtualenv.state),
      virtualenv.python && `python ${virtualenv.python}`,
      virtualenv.interpreter && `asked for: ${virtualenv.interpreter}`,
      virtualenv.why,
    ]
      .filter(Boolean)
      .join(', '),
    'to do': isToBuild(virtualenv) ? `stormlet pack setup-virtualenv ${pack.ref}` : undefined,
    requirements: pack.requirements.join(', ') || undefined,
    'needed by': pack.neededBy.join(', ') || undefined,
  });
  const parts = [
    installedText(pack.distributions),
    listOf('actions', pack.actions),
    listOf('sensors', pack.sensors),
    listOf('rules', pack.rules),
    listOf('triggers', pack.triggerTypes),
    pack.problems.length > 0 ? `problems\n${pack.problems.map(problemLine).join('\n')}` : '',
    virtualenv.output ? `virtualenv output\n${virtualenv.output.trimEnd()}` : '',
  ];
  return [head, ...parts].filter((part) => part !== '').join('\n\n');
}

function installationFields(installation: PackInstallation | undefined) {
  if (!installation) return {};
  const { origin, ref, commit, at, by } = installation;
  return {
    from: [origin, ref, commit?.slice(0, 12)].filter(Boolean).join(' at '),
    installed: `${localTime(at)} by ${by}`,
  };
}

function installedText(distributions: readonly Distribution[]): string {
  const lines = distributions.map(({ name, version, url }) => `  ${name} ${version}${url ? `  ${url}` : ''}`);
  return lines.length === 0 ? '' : `installed packages\n${lines.join('\n')}`;
}

function listOf(title: string, items: readonly { readonly ref: string; readonly description: string }[]): string {
  if (items.length === 0) return '';
  return `${title}\n${items.map((item) => `  ${item.ref}${item.description ? `  ${item.description.split('\n', 1)[0]}` : ''}`).join('\n')}`;
}

function problemLine(problem: PackSummary['problems'][number]): string {
  const place = problem.file ? `${problem.file}${problem.line ? `:${problem.line}` : ''}: ` : '';
  return `  ${problem.severity}: ${place}${problem.message}${problem.hint ? `\n    hint: ${problem.hint}` : ''}`;
}
