import type { AliasDefinition, AliasMatch, AliasRunRequest } from '../contract/aliases.ts';
import { StormletError } from '../contract/errors.ts';
import type { Json, JsonObject } from '../contract/json.ts';

/**
 * Action aliases: which of them a sentence means, and what it then asks of which action. This folder runs nothing, and
 * reads no format itself: formats are regular expressions of Python's, which the expressions service holds.
 */
export type Candidate = {
  readonly alias: AliasDefinition;
  readonly display: string;
  readonly representation: string;
  readonly multiple: boolean;
};

/** What a format finds in a sentence: a set of values for each place where it fits, null for a group left out. */
export type Found = readonly Readonly<Record<string, string | null>>[];

/** Every format of the aliases that are switched on. */
export function candidatesOf(aliases: readonly AliasDefinition[]): Candidate[] {
  return aliases
    .filter(({ enabled }) => enabled)
    .flatMap((alias) =>
      alias.formats.flatMap(({ display, representations, matchMultiple: multiple }) =>
        representations.map((representation) => ({ alias, display, representation, multiple })),
      ),
    );
}

/** StackStorm asks the formats that match several times only where no other fits. */
export function matchesOf(candidates: readonly Candidate[], found: readonly Found[]): AliasMatch[] {
  const fitting = candidates.flatMap((candidate, index) => {
    const sets = found[index] ?? [];
    return sets.length > 0 ? [{ candidate, sets }] : [];
  });
  const single = fitting.filter(({ candidate }) => !candidate.multiple);
  return (single.length > 0 ? single : fitting).map(({ candidate, sets }) => asMatch(candidate, sets));
}

/** The one match that is meant; throws when there is none, or more than one (as StackStorm does). */
export function chooseMatch(
  matches: readonly AliasMatch[],
  { text, alias, representation }: AliasRunRequest,
): AliasMatch {
  const meant = matches.filter(
    (match) =>
      (alias === undefined || match.alias === alias) &&
      (representation === undefined || match.representation === representation),
  );
  const [first, ...others] = meant;
  if (first && others.length === 0) return first;
  throw first ? ambiguous(text, meant) : unmatched(text);
}

/** What a format left out is left to the action's own default. */
function asMatch({ alias, display, representation }: Candidate, sets: Found): AliasMatch {
  const given = (set: Found[number]): JsonObject =>
    Object.fromEntries(Object.entries(set).filter((entry): entry is [string, string] => entry[1] !== null));
  return {
    alias: alias.ref,
    action: alias.action,
    description: alias.description,
    display,
    representation,
    parameters: sets.map(given),
  };
}

function ambiguous(text: string, matches: readonly AliasMatch[]): StormletError {
  const details: Json = matches.map(({ alias, representation }) => ({ alias, representation }));
  return new StormletError({
    code: 'alias/ambiguous',
    kind: 'user',
    message: `${shown(text)} fits more than one alias: ${matches.map(({ alias }) => `\`${alias}\``).join(', ')}`,
    hint: 'say which one it is to be, or say it in another way',
    details,
  });
}

function unmatched(text: string): StormletError {
  return new StormletError({
    code: 'alias/unmatched',
    kind: 'user',
    message: `${shown(text)} fits no alias`,
    hint: 'see what can be said with `stormlet alias list`',
  });
}

function shown(text: string): string {
  return `\`${text.length > 100 ? `${text.slice(0, 99)}…` : text}\``;
}
