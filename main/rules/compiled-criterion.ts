import type { Fault } from '../contract/errors.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { MatchContext } from './criteria.ts';
import type { CriteriaKey } from './criteria-key.ts';
import type { Eventually } from './eventually.ts';

/** One criterion, made ready to be asked many times. `root` holds the payload as `trigger`, or inside a search as `item`. */
export type CompiledCriterion = {
  readonly key: string;
  readonly check: (root: JsonObject, at: MatchContext) => Eventually<Outcome>;
  /** The pattern, when that and the payload alone decide: such an outcome can be worked out again later. */
  readonly fixed?: { readonly expected: Json } | undefined;
  /** Set when it asks whether the field is this very text, which a look-up in a table answers too. */
  readonly isText?: { readonly read: CriteriaKey; readonly text: string } | undefined;
};

export type Outcome = {
  readonly holds: boolean;
  readonly seen: Json;
  /** The pattern, rendered where it is a template. */
  readonly expected: Json;
  readonly fault?: Fault;
};
