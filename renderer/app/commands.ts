import type { AliasDefinition, AliasMatch } from '../../main/contract/aliases.ts';
import type { Execution } from '../../main/contract/executions.ts';
import type { ActionDefinition, PackSummary } from '../../main/contract/packs.ts';
import type { RuleSummary } from '../../main/contract/rules.ts';

/** What the command bar can do, and what it leads to. */
export type Command = {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly does:
    | { readonly kind: 'go'; readonly to: Place }
    | { readonly kind: 'pack' | 'rule' | 'action' | 'execution'; readonly name: string }
    | { readonly kind: 'say'; readonly match: AliasMatch }
    | { readonly kind: 'fill'; readonly alias: AliasDefinition; readonly representation: string };
};
export type CommandGroup = { readonly name: string; readonly commands: readonly Command[] };

const PLACES = [
  { label: 'Home', to: '/' },
  { label: 'Packs', to: '/packs' },
  { label: 'Rules', to: '/rules' },
  { label: 'New rule', to: '/rules/new' },
  { label: 'Actions', to: '/actions' },
  { label: 'Questions', to: '/inquiries' },
  { label: 'History: executions', to: '/history/executions' },
  { label: 'History: events', to: '/history/events' },
  { label: 'Datastore', to: '/datastore' },
  { label: 'Logs', to: '/logs' },
  { label: 'Settings', to: '/settings' },
] as const;
type Place = (typeof PLACES)[number]['to'];

export type CommandSources = {
  readonly matches: readonly AliasMatch[];
  readonly aliases: readonly AliasDefinition[];
  readonly actions: readonly ActionDefinition[];
  readonly packs: readonly PackSummary[];
  readonly rules: readonly RuleSummary[];
  readonly executions: readonly Execution[];
};

/** So many of a group, unless words narrow it. */
const MOST = 8;

/** Sentences that fit what was typed come first; of everything else, what holds all the words. */
export function commandsFor(typed: string, sources: CommandSources): CommandGroup[] {
  const { matches, aliases, actions, packs, rules, executions } = sources;
  const said = matches.map(
    (match): Command => ({
      id: `say ${match.alias} ${match.representation}`,
      label: typed,
      description: `${match.action} ${match.parameters.map((each) => JSON.stringify(each)).join(', ')}`,
      does: { kind: 'say', match },
    }),
  );
  const sentences = aliases
    .filter(({ enabled }) => enabled)
    .flatMap((alias) =>
      alias.formats.map(
        ({ display, representations }): Command => ({
          id: `fill ${alias.ref} ${display}`,
          label: display,
          description: alias.description,
          does: { kind: 'fill', alias, representation: representations[0] ?? display },
        }),
      ),
    );
  const groups: CommandGroup[] = [
    { name: 'Say it', commands: said },
    { name: 'Pages', commands: PLACES.map(({ label, to }) => ({ id: `page ${to}`, label, does: { kind: 'go', to } })) },
    { name: 'Run an action', commands: actions.map(({ ref, description }) => named('action', ref, ref, description)) },
    { name: 'Sentences', commands: sentences },
    { name: 'Packs', commands: packs.map(({ ref, name, description }) => named('pack', ref, name, description)) },
    { name: 'Rules', commands: rules.map(({ ref, description }) => named('rule', ref, ref, description)) },
    {
      name: 'Ran lately',
      commands: executions.map(({ id, action, status }) => named('execution', id, action, status)),
    },
  ];
  return groups.map((group) => (group.name === 'Say it' ? group : narrowed(group, typed))).filter(isFull);
}

function named(kind: 'pack' | 'rule' | 'action' | 'execution', name: string, label: string, description: string) {
  return { id: `${kind} ${name}`, label, description, does: { kind, name } } as const;
}

function narrowed({ name, commands }: CommandGroup, typed: string): CommandGroup {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ label, description = '' }: Command) => {
    const text = `${label} ${description}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const limit = name === 'Pages' ? PLACES.length : MOST;
  return { name, commands: commands.filter(fits).slice(0, limit) };
}

function isFull({ commands }: CommandGroup): boolean {
  return commands.length > 0;
}
