import type { DoctorCheck } from '../../main/contract/engine.ts';
import type { ExecutionStatus, ExecutionStep } from '../../main/contract/executions.ts';
import type { LogLevel } from '../../main/contract/logs.ts';
import type { Notice } from '../../main/contract/notices.ts';
import type { PackSummary, VirtualenvStatus } from '../../main/contract/packs.ts';
import type { PolicySummary } from '../../main/contract/policies.ts';
import type { RuleSummary } from '../../main/contract/rules.ts';
import type { SensorStatus } from '../../main/contract/sensors.ts';
import type { TriggerInstanceStatus } from '../../main/contract/triggers.ts';

/** What a state asks of a person: nothing (`good`, `idle`), patience (`busy`), a look (`warn`), an act (`bad`). */
export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'idle';

export const EXECUTION_TONES = {
  requested: 'idle',
  scheduled: 'idle',
  delayed: 'idle',
  running: 'busy',
  succeeded: 'good',
  failed: 'bad',
  timeout: 'bad',
  abandoned: 'warn',
  canceling: 'busy',
  canceled: 'idle',
  pausing: 'busy',
  paused: 'warn',
  resuming: 'busy',
  pending: 'warn',
} as const satisfies Record<ExecutionStatus, Tone>;

export const STEP_TONES = {
  running: 'busy',
  done: 'good',
  failed: 'bad',
  skipped: 'idle',
} as const satisfies Record<ExecutionStep['state'], Tone>;

export const PACK_TONES = {
  ready: 'good',
  'not-ready': 'warn',
  broken: 'bad',
  disabled: 'idle',
} as const satisfies Record<PackSummary['state'], Tone>;

export const VIRTUALENV_TONES = {
  'not-needed': 'idle',
  missing: 'warn',
  building: 'busy',
  ready: 'good',
  outdated: 'warn',
  failed: 'bad',
} as const satisfies Record<VirtualenvStatus['state'], Tone>;

export const RULE_TONES = {
  active: 'good',
  disabled: 'idle',
  broken: 'bad',
} as const satisfies Record<RuleSummary['state'], Tone>;

export const POLICY_TONES = {
  active: 'good',
  disabled: 'idle',
  broken: 'bad',
} as const satisfies Record<PolicySummary['state'], Tone>;

export const SENSOR_TONES = {
  starting: 'busy',
  running: 'good',
  'backing-off': 'warn',
  stopping: 'busy',
  stopped: 'idle',
  'given-up': 'bad',
  disabled: 'idle',
  'not-ready': 'warn',
  paused: 'idle',
} as const satisfies Record<SensorStatus['state'], Tone>;

export const INSTANCE_TONES = {
  pending: 'busy',
  processed: 'good',
  processing_failed: 'bad',
  refused: 'bad',
} as const satisfies Record<TriggerInstanceStatus, Tone>;

export const DOCTOR_TONES = {
  ok: 'good',
  warning: 'warn',
  failed: 'bad',
} as const satisfies Record<DoctorCheck['state'], Tone>;

export const LOG_TONES = {
  debug: 'idle',
  info: 'idle',
  warn: 'warn',
  error: 'bad',
} as const satisfies Record<LogLevel, Tone>;

export const NOTICE_TONES = {
  success: 'good',
  failure: 'bad',
  info: 'idle',
} as const satisfies Record<Notice['level'], Tone>;

/** `processing_failed` and `not-ready` as a person would write them. */
export function inWords(state: string): string {
  return state.replaceAll(/[_-]/g, ' ');
}
