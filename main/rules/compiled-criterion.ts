import type { Fault } from '../contract/errors.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { MatchContext } from './criteria.ts';
import type { Eventually } from './eventually.ts';

/** One criterion, made ready to be asked many times. `root` holds the payload as `trigger`, or inside a search as `item`. */
export type CompiledCriterion = {
  readonly key: string;
  readonly check: (root: JsonObject, at: MatchContext) => Eventually<Outcome>;
};

export type Outcome = {
  readonly holds: boolean;
  readonly seen: Json;
  /** The pattern, rendered where it is a template. */
  readonly expected: Json;
  readonly fault?: Fault;
};
