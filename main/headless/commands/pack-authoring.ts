import path from 'node:path';
import type { Command } from 'commander';
import type { PackReport } from '../../authoring/check-pack.ts';
import type { MissingFeature } from '../../authoring/missing-features.ts';
import type { Problem } from '../../contract/errors.ts';
import type { Cli } from '../cli-context.ts';
import { state } from '../text.ts';

/** What the author of a pack does with its folder; none of it needs a running app. */
export function addPackAuthoring(pack: Command, cli: Cli): void {
  pack
    .command('create')
    .description('make a small pack to begin with, in a folder of its name')
    .argument('<name>', 'it holds only a-z, 0-9 and _')
    .option('--dir <folder>', 'the folder to make it in; by default this one')
    .action(async (name: string, options: { dir?: string }) => {
      const { createPack } = await import('../../authoring/create-pack.ts');
      const created = await createPack(cli.app.packTemplate, name, path.resolve(cli.folder, options.dir ?? '.'));
      cli.show(created, () => createdText(shortPath(cli, created.path), created.files));
    });
  pack
    .command('check')
    .description('say what is wrong with the packs in these folders, as the app would; exits with 1 for an error')
    .argument('<folder...>')
    .action(async (folders: string[]) => {
      const { checkPacks, hasErrors } = await import('../../authoring/check-pack.ts');
      const { openWorkbench } = await import('../../authoring/workbench.ts');
      const paths = folders.map((folder) => path.resolve(cli.folder, folder));
      const reports = await checkPacks(await openWorkbench(cli), paths, new AbortController().signal);
      cli.show(reports, () => reports.map((report) => reportText(cli, report)).join('\n\n'));
      if (reports.some(hasErrors)) cli.fail();
    });
  pack
    .command('test')
    .description('run the tests of a pack in a virtualenv with what it requires; exits with 1 when one fails')
    .argument('<pack>', 'its folder, or the ref of an installed one')
    .option('--only <part...>', 'only tests with one of these in their name')
    .action(async (given: string, options: { only?: string[] }) => {
      const { runPackTests } = await import('../author.ts');
      await runPackTests(cli, given, options.only ?? []);
    });
}

function createdText(folder: string, files: readonly string[]): string {
  const next = ['check', 'test'].map((word) => `  stormlet pack ${word} ${folder}`);
  const install = `  stormlet pack install ${path.isAbsolute(folder) ? folder : `./${folder}`}`;
  return [`made ${folder}`, ...files.map((file) => `  ${file}`), 'next', ...next, install].join('\n');
}

function reportText(cli: Cli, report: PackReport): string {
  const { actions, sensors, rules } = report.counts;
  const problems = [...report.problems].sort((a, b) => rank(a) - rank(b));
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const verdict = errors > 0 ? state('failed') : state('ok');
  const counts = [counted(actions, 'action'), counted(sensors, 'sensor'), counted(rules, 'rule')].join(', ');
  const found = [counted(errors, 'error'), counted(problems.length - errors, 'warning')].join(', ');
  return [
    ...problems.map((problem) => problemText(cli, problem)),
    ...(report.missing.length > 0 ? ['it uses what Stormlet does not have yet:'] : []),
    ...report.missing.map((missing) => missingText(cli, missing)),
    `${verdict} ${report.ref}: ${counts}; ${found}`,
  ].join('\n');
}

function rank({ severity }: Problem): number {
  return severity === 'error' ? 0 : 1;
}

function problemText(cli: Cli, { severity, file, line, message, hint }: Problem): string {
  const place = file ? `${shortPath(cli, file)}${line ? `:${line}` : ''}: ` : '';
  return `${place}${severity}: ${message}${hint ? `\n  hint: ${hint}` : ''}`;
}

function missingText(cli: Cli, { feature, uses }: MissingFeature): string {
  const [first] = uses;
  const place = first ? ` (${shortPath(cli, first.file)}${first.line ? `:${first.line}` : ''}` : '';
  const more = uses.length > 1 ? ` and ${uses.length - 1} more` : '';
  return `  ${feature}${place}${more}${place && ')'}`;
}

/** As a person would type it from where they are. */
function shortPath(cli: Cli, file: string): string {
  const relative = path.relative(cli.folder, file);
  return relative === '' || relative.startsWith('..') ? file : relative;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
