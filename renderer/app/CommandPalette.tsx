import { Spotlight, spotlight } from '@mantine/spotlight';
import {
  IconArrowRight,
  IconBolt,
  IconHistory,
  IconMessage,
  IconMessageBolt,
  IconPackage,
  IconRoute,
  IconSearch,
} from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { AliasRunRequest } from '../../main/contract/aliases.ts';
import { PackRef, ResourceRef } from '../../main/contract/refs.ts';
import { useEngine } from '../client/EngineProvider.tsx';
import { showFault } from '../ui/show-fault.ts';
import { AliasForm, type ChosenAlias } from './AliasForm.tsx';
import { type Command, type CommandGroup, commandsFor } from './commands.ts';
import { toastMessage } from './toast-message.ts';

/** Everything that has a name, and every sentence that a pack understands, from the keyboard. */
export function CommandPalette() {
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<ChosenAlias>();
  const groups = useCommands(typed);
  const list = useFirstSelected(groups);
  const say = useSay();
  const go = useGo();
  const act = ({ does }: Command) => {
    if (does.kind === 'fill') {
      setChosen(does);
      return;
    }
    spotlight.close();
    if (does.kind !== 'say') go(does);
    else say({ text: typed, alias: does.match.alias, representation: does.match.representation }).catch(showFault);
  };
  return (
    <Spotlight.Root
      query={typed}
      onQueryChange={setTyped}
      shortcut="mod + K"
      tagsToIgnore={NOWHERE_IGNORED}
      triggerOnContentEditable
      scrollable
      attributes={{ content: { 'aria-label': 'Command bar' } }}
      centered={false}
      maxHeight={420}
      onSpotlightClose={() => setChosen(undefined)}
    >
      {chosen ? (
        <AliasForm
          {...chosen}
          onBack={() => setChosen(undefined)}
          onSay={async (text) => {
            await say({ text, alias: chosen.alias.ref, representation: chosen.representation });
            spotlight.close();
          }}
        />
      ) : (
        <>
          <Spotlight.Search
            leftSection={<IconSearch size={17} />}
            placeholder="Go somewhere, run an action, or say what a pack understands"
            aria-label="Search and commands"
          />
          <Spotlight.ActionsList ref={list}>
            {groups.map(({ name, commands }) => (
              <Spotlight.ActionsGroup key={name} label={name}>
                {commands.map((command) => (
                  <Spotlight.Action
                    key={command.id}
                    label={command.label}
                    {...(command.description && { description: command.description })}
                    leftSection={ICONS[command.does.kind]}
                    closeSpotlightOnTrigger={false}
                    onClick={() => act(command)}
                  />
                ))}
              </Spotlight.ActionsGroup>
            ))}
            {groups.length === 0 && <Spotlight.Empty>Nothing by that name</Spotlight.Empty>}
          </Spotlight.ActionsList>
          <Spotlight.Footer className="bar-keys" aria-hidden>
            <kbd>↑</kbd> <kbd>↓</kbd> choose <kbd>Enter</kbd> go <kbd>Esc</kbd> close
          </Spotlight.Footer>
        </>
      )}
    </Spotlight.Root>
  );
}

/** The bar opens also from a field that is being written in. */
const NOWHERE_IGNORED: string[] = [];

const ICONS = {
  go: <IconArrowRight size={17} />,
  pack: <IconPackage size={17} />,
  rule: <IconRoute size={17} />,
  action: <IconBolt size={17} />,
  execution: <IconHistory size={17} />,
  say: <IconMessageBolt size={17} />,
  fill: <IconMessage size={17} />,
} as const;

function useCommands(typed: string) {
  const { queries } = useEngine();
  const text = typed.trim();
  const matches = useQuery({
    ...queries.aliasMatches(text),
    enabled: text !== '',
    placeholderData: keepPreviousData,
  }).data;
  return commandsFor(text, {
    matches: text === '' ? [] : (matches ?? []),
    aliases: useQuery(queries.aliases()).data ?? [],
    packs: useQuery(queries.packs()).data ?? [],
    rules: useQuery(queries.rules()).data ?? [],
    actions: useQuery(queries.actions()).data ?? [],
    executions: useInfiniteQuery(queries.executions()).data?.pages[0]?.items ?? [],
  });
}

/** What comes later, such as a sentence that fits, is what Enter means when it is on top. */
function useFirstSelected(groups: readonly CommandGroup[]) {
  const first = groups[0]?.commands[0]?.id;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (first === undefined) return;
    // Spotlight keeps its choice in this attribute, and chooses anew only when something is typed.
    list.current?.querySelector('[data-selected]')?.removeAttribute('data-selected');
    list.current?.querySelector('[data-action]')?.setAttribute('data-selected', 'true');
  }, [first]);
  return list;
}

/** Runs what the sentence means, tells what the alias answers, and shows the run. */
function useSay() {
  const { client } = useEngine();
  const navigate = useNavigate();
  return async (request: AliasRunRequest) => {
    const { executions, message } = await client.aliases.run(request);
    if (message) toastMessage(message);
    const [first] = executions;
    if (first) await navigate({ to: '/history/executions/$id', params: { id: first.id } });
  };
}

function useGo() {
  const navigate = useNavigate();
  return (does: Exclude<Command['does'], { kind: 'say' | 'fill' }>) => {
    switch (does.kind) {
      case 'go':
        return void navigate({ to: does.to });
      case 'pack':
        return void navigate({ to: '/packs/$ref', params: { ref: PackRef.parse(does.name) } });
      case 'rule':
        return void navigate({ to: '/rules/$ref', params: { ref: ResourceRef.parse(does.name) } });
      case 'action':
        return void navigate({ to: '/actions/$ref', params: { ref: ResourceRef.parse(does.name) } });
      case 'execution':
        return void navigate({ to: '/history/executions/$id', params: { id: does.name } });
    }
  };
}
