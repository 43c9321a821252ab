import type { ActionDefinition } from '../../../main/contract/packs.ts';

/** The actions that hold every typed word in their reference, description or tags, by pack and name. */
export function findActions(actions: readonly ActionDefinition[], typed: string): ActionDefinition[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return actions
    .filter(({ ref, description, tags }) => {
      const text = `${ref} ${description} ${tags.join(' ')}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => a.ref.localeCompare(b.ref));
}
