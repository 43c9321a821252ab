import type { ActionLimits } from '../../../main/contract/python-settings.ts';
import type { Settings, SettingsPatch } from '../../../main/contract/settings.ts';

/** What a pack or an action has of its own, before what holds for its pack or for all. Absent: that holds. */
export type OwnLimits = { readonly [K in keyof ActionLimits]?: number | undefined } & {
  /** Of a pack only: its actions at one time. */
  readonly concurrency?: number | undefined;
};

export const LIMITS: readonly {
  readonly key: keyof ActionLimits;
  readonly label: string;
  /** Empty for what is counted. */
  readonly unit: string;
  readonly what: string;
  readonly min: number;
}[] = [
  { key: 'memoryMb', label: 'Memory of each process, in megabytes', unit: 'MB', what: 'memory', min: 0 },
  { key: 'cpuSeconds', label: 'Processor time, in seconds', unit: 's', what: 'processor time', min: 0 },
  { key: 'openFiles', label: 'Files open at one time', unit: '', what: 'open files', min: 0 },
  { key: 'outputKb', label: 'Output kept, in kilobytes', unit: 'KB', what: 'output', min: 1 },
];

type Limiting = Pick<Settings, 'executions' | 'python'>;

/** An action's ref has a dot, a pack's has none. */
export function isAction(ref: string): boolean {
  return ref.includes('.');
}

/** Packs and actions that have any, by name. */
export function withOwnLimits({ executions, python }: Limiting): string[] {
  const packs = new Set([...Object.keys(executions.packs), ...Object.keys(python.packs)]);
  const refs = [...packs, ...Object.keys(python.actions)];
  return refs.filter((ref) => inWords(ownLimits({ executions, python }, ref)) !== '').sort();
}

export function ownLimits({ executions, python }: Limiting, ref: string): OwnLimits {
  if (isAction(ref)) return { ...python.actions[ref]?.limits };
  return { ...python.packs[ref]?.limits, concurrency: executions.packs[ref]?.concurrency };
}

/** What holds where it has none of its own. */
export function inheritedLimits({ python }: Limiting, ref: string): ActionLimits {
  const pack = isAction(ref) ? python.packs[ref.slice(0, ref.indexOf('.'))]?.limits : undefined;
  return { ...python.limits, ...given(pack ?? {}) };
}

/** Records are set as a whole, so that one may lose what it had; how a pack's actions get their processes stays. */
export function limitsPatch({ executions, python }: Limiting, ref: string, own: OwnLimits): SettingsPatch {
  const { concurrency, ...rest } = own;
  const limits = given(rest);
  if (isAction(ref)) return { python: { actions: withEntry(python.actions, ref, { limits }, hasAny(limits)) } };
  const { limits: _before, ...process } = python.packs[ref] ?? {};
  const pack = { ...process, ...(hasAny(limits) && { limits }) };
  return {
    python: { packs: withEntry(python.packs, ref, pack, hasAny(pack)) },
    executions: { packs: withEntry(executions.packs, ref, { concurrency }, concurrency !== undefined) },
  };
}

export function inWords({ concurrency, ...limits }: OwnLimits): string {
  const parts = LIMITS.flatMap(({ key, unit, what }) => {
    const value = limits[key];
    if (value === undefined) return [];
    if (value === 0) return [`no limit of ${what}`];
    return [unit === '' ? `${value} ${what}` : `${value} ${unit} of ${what}`];
  });
  return [...(concurrency === undefined ? [] : [`${concurrency} at one time`]), ...parts].join(', ');
}

function given<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

function hasAny(values: object): boolean {
  return Object.keys(values).length > 0;
}

function withEntry<T>(
  record: Readonly<Record<string, T>>,
  key: string,
  value: NoInfer<T>,
  isKept: boolean,
): Record<string, T> {
  const { [key]: _before, ...others } = record;
  return isKept ? { ...others, [key]: value } : others;
}
