import { findEntry } from '../authoring/find-entry.ts';
import { findPack } from '../authoring/find-pack.ts';
import { type HandRun, PARAMETERS_BY_HAND, runActionByHand, runSensorByHand } from '../authoring/run-by-hand.ts';
import { type TestReport, testPack } from '../authoring/test-pack.ts';
import { openWorkbench } from '../authoring/workbench.ts';
import type { ExecutionStep, OutputStream } from '../contract/executions.ts';
import type { Cli } from './cli-context.ts';
import { parseValues } from './parse-values.ts';
import { onStopSignals } from './signals.ts';
import { state } from './text.ts';

/** What an author runs in front of them without the app: output as it comes, and Ctrl-C ends it. */
export async function runPackTests(cli: Cli, given: string, only: readonly string[]): Promise<void> {
  const bench = await openWorkbench(cli);
  const pack = await findPack(bench, given);
  using stop = stoppable();
  // What tests print is for people; with `--json`, stdout is for the counts alone.
  const report = await testPack(bench, pack, only, progress(cli, 'stderr'), stop.signal);
  cli.show(report, () => testText(report));
  if (!report.succeeded) cli.fail();
}

export async function runAction(cli: Cli, given: string, words: string[], json: string | undefined): Promise<void> {
  const bench = await openWorkbench(cli);
  const entry = await findEntry(bench, given, { name: 'action', list: (pack) => pack.actions });
  const parameters = parseValues(words, json, { ...PARAMETERS_BY_HAND, ...entry.definition.parameters });
  using stop = stoppable();
  const run = await runActionByHand(bench, entry, parameters, progress(cli, 'stdout'), stop.signal);
  cli.show(run, () => runText(run));
  if (!run.succeeded) cli.fail();
}

export async function runSensor(
  cli: Cli,
  given: string,
  options: { readonly bus?: boolean; readonly pollInterval?: number },
): Promise<void> {
  const bench = await openWorkbench(cli);
  const entry = await findEntry(bench, given, { name: 'sensor', list: (pack) => pack.sensors });
  const bus = options.bus ? await cli.ask((client) => client.bus.url({ pack: entry.pack.ref })) : undefined;
  using stop = stoppable();
  const how = { bus, pollInterval: options.pollInterval };
  const exitCode = await runSensorByHand(bench, entry, how, progress(cli, 'stdout', true), stop.signal);
  if (exitCode !== 0) cli.fail();
}

function stoppable(): Disposable & { readonly signal: AbortSignal } {
  const stop = new AbortController();
  const signals = onStopSignals(['SIGINT', 'SIGTERM'], () => stop.abort('canceled'), 130);
  return { signal: stop.signal, [Symbol.dispose]: () => signals[Symbol.dispose]() };
}

/** Steps go to stderr: stdout is for what is asked for. With `--json` that is one value, unless lines are events. */
function progress(cli: Cli, printed: OutputStream, isLines = false) {
  let isBuilding = false;
  return {
    onStep({ name, state: its, detail }: ExecutionStep) {
      isBuilding = its === 'running';
      if (its !== 'running')
        process.stderr.write(`${its === 'done' ? '✓' : '✗'} ${name}${detail ? `: ${detail}` : ''}\n`);
    },
    onOutput(stream: OutputStream, text: string) {
      const isData = stream === 'stdout' && printed === 'stdout' && !isBuilding && (isLines || !cli.json);
      (isData ? process.stdout : process.stderr).write(text);
    },
  };
}

function testText({ pack, runner, passed, failed, broken, skipped, failures, succeeded }: TestReport): string {
  const counts = [
    `${passed} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(broken > 0 ? [`${broken} could not be run`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  const none = passed + failed + broken + skipped === 0;
  const verdict = succeeded ? state('ok') : state('failed');
  const names = failures.map(({ test }) => `  ${test}`);
  return [`${verdict} ${pack}: ${none ? 'no tests were found' : counts.join(', ')} (${runner})`, ...names].join('\n');
}

function runText({ succeeded, exitCode, stopped, result }: HandRun): string {
  const how = stopped === 'timeout' ? 'it took longer than its `timeout`' : `exit code ${exitCode ?? 'none'}`;
  const shown = JSON.stringify(result, null, 2);
  return succeeded ? shown : `${result === null ? '' : `${shown}\n`}${state('failed')}: ${how}`;
}
