import type { JsonObject } from '../contract/json.ts';
import type { ConcurrencyPolicy } from '../contract/policies.ts';
import type { Queued } from './execution-queue.ts';

/** A policy does not let it run now. */
export type HoldBack = {
  readonly policy: ConcurrencyPolicy;
  /** What it shares with those that it has to wait for. */
  readonly key: string;
  readonly reason: string;
};

/** The first policy that does not let it run beside these; they are all that runs of the same action. */
export function holdBack(
  queued: Queued,
  policies: readonly ConcurrencyPolicy[],
  running: readonly Queued[],
  keyOf: KeyOf,
): HoldBack | undefined {
  for (const policy of policies) {
    const key = keyOf(policy, queued);
    const beside = running.filter((other) => other.id !== queued.id && keyOf(policy, other) === key);
    if (beside.length >= policy.threshold) return { policy, key, reason: reasonOf(policy) };
  }
  return undefined;
}

export type KeyOf = (policy: ConcurrencyPolicy, queued: Queued) => string;

/** What executions have in common that a policy counts together: the action, and the values of some parameters. */
export function concurrencyKey(policy: ConcurrencyPolicy, { action, parameters }: Queued): string {
  const values = policy.attributes.map((name) => parameterValue(parameters, name));
  return JSON.stringify([policy.ref, action, ...values]);
}

function parameterValue(parameters: JsonObject, name: string) {
  return Object.hasOwn(parameters, name) ? (parameters[name] ?? null) : null;
}

function reasonOf({ ref, threshold, attributes }: ConcurrencyPolicy): string {
  const same = attributes.length === 0 ? '' : ` with the same ${attributes.map((name) => `\`${name}\``).join(', ')}`;
  return `the policy \`${ref}\` allows ${threshold} at one time${same}`;
}
