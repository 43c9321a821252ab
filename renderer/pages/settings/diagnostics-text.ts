import type { DoctorCheck, EngineStatus } from '../../../main/contract/engine.ts';
import type { LogLine } from '../../../main/contract/logs.ts';
import type { PackSummary } from '../../../main/contract/packs.ts';
import type { RuleSummary } from '../../../main/contract/rules.ts';
import type { SensorStatus } from '../../../main/contract/sensors.ts';

export type DiagnosticsSources = {
  readonly status: EngineStatus | undefined;
  readonly checks: readonly DoctorCheck[];
  readonly packs: readonly PackSummary[];
  readonly sensors: readonly SensorStatus[];
  readonly rules: readonly RuleSummary[];
  readonly log: readonly LogLine[];
  readonly browser: string;
};

const MOST_LINES = 40;

/** What somebody needs to know who is asked for help. No configuration, no payload and no datastore value is in it. */
export function diagnosticsText(sources: DiagnosticsSources): string {
  const { status, checks, packs, sensors, rules, log, browser } = sources;
  const troubles = log.filter(({ level }) => level === 'warn' || level === 'error').slice(-MOST_LINES);
  const parts = [
    [`Stormlet ${status?.version ?? '?'} (${status?.host ?? '?'}), started ${status?.startedAt ?? '?'}`, browser],
    ['checks', ...checks.map(({ name, state, detail }) => `  ${state}: ${name}: ${detail}`)],
    ['packs', ...packs.map(({ ref, version, state }) => `  ${ref} ${version ?? ''}: ${state}`)],
    [
      'sensors',
      ...sensors.map(
        ({ ref, state, restarts, why }) => `  ${ref}: ${state}, ${restarts} restarts${why ? `, ${why}` : ''}`,
      ),
    ],
    [
      'rules',
      ...rules
        .filter(({ state }) => state === 'broken')
        .map(({ ref, problems }) => `  ${ref}: ${problems[0]?.message ?? 'broken'}`),
    ],
    ['log', ...troubles.map(({ at, level, scope, text }) => `  ${at} ${level} ${scope}: ${text}`)],
  ];
  return withoutHome(parts.map((lines) => lines.join('\n')).join('\n\n'));
}

/** A home folder names a person. */
function withoutHome(text: string): string {
  return text.replaceAll(/(\/home\/|\/Users\/|[A-Z]:\\Users\\)[^/\\\s`"]+/g, '~');
}
