import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete';

/** What could be written at a place, and what to know about it. */
export type Completion = { readonly text: string; readonly about?: string };

/** What may stand between the text before a place and the text after it. */
export type Complete = (before: string, after: string) => readonly Completion[];

/** Offers what fits the word that is being typed; what it replaces begins where that word does. */
export function completeWith(complete: Complete) {
  return ({ state, pos, explicit }: CompletionContext): CompletionResult | null => {
    const before = state.sliceDoc(0, pos);
    const word = /[\w.$-]*$/.exec(before)?.[0] ?? '';
    if (word === '' && !explicit && !/[{:]\s$/.test(before)) return null;
    const options = complete(before, state.sliceDoc(pos)).map(({ text, about }) => ({
      label: text,
      ...(about && { detail: about.length > 60 ? `${about.slice(0, 59)}…` : about }),
    }));
    return options.length === 0 ? null : { from: pos - word.length, options, validFor: /^[\w.$-]*$/ };
  };
}
