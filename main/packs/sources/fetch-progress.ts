import type { OutputStream } from '../../contract/executions.ts';

/** Tells the person who waits how far it is. */
export type FetchProgress = {
  onOutput(stream: OutputStream, text: string): void;
  /** 0 to 100, of what is being done now. */
  onPercent(percent: number, doing: string): void;
};
