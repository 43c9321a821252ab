/** How often and how fast a program that died is started again. Times in milliseconds. */
export type RestartPolicy = {
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** A program that lived this long is forgiven its earlier deaths. */
  readonly healthyAfterMs: number;
  /** After so many deaths in a row it is left dead. */
  readonly giveUpAfter: number;
};

export const SENSOR_RESTARTS: RestartPolicy = {
  firstDelayMs: 1000,
  maxDelayMs: 60_000,
  healthyAfterMs: 30_000,
  giveUpAfter: 6,
};

/** The delay before the start that follows the `deaths`-th death in a row, doubled each time; undefined: give up. */
export function nextDelay(policy: RestartPolicy, deaths: number): number | undefined {
  if (deaths >= policy.giveUpAfter) return undefined;
  return Math.min(policy.firstDelayMs * 2 ** (deaths - 1), policy.maxDelayMs);
}
