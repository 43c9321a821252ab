import { TextInput } from '@mantine/core';
import { IconBolt, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import type { ActionDefinition } from '../../../main/contract/packs.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { RichText } from '../../ui/RichText.tsx';
import { VirtualList } from '../../ui/VirtualList.tsx';
import { findActions } from './find-actions.ts';
import { PinButton } from './PinButton.tsx';

const ROW_PX = 59;
const HEAD_PX = 50;

export function ActionsPage() {
  const { queries } = useEngine();
  const actions = useQuery(queries.actions());
  const [typed, setTyped] = useState('');
  const words = useDeferredValue(typed);
  return (
    <div className="page">
      <PageHeader title="Actions" description="What packs can do, each run in a process of its own.">
        <TextInput
          aria-label="Find an action"
          placeholder="Find an action"
          leftSection={<IconSearch size={14} />}
          w={240}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </PageHeader>
      <Loaded query={actions}>{(listed) => <ActionGroups all={listed} words={words} />}</Loaded>
    </div>
  );
}

function ActionGroups({ all, words }: { all: ActionDefinition[]; words: string }) {
  const found = findActions(all, words);
  if (found.length === 0) {
    return (
      <Empty icon={<IconBolt size={28} />} title={all.length === 0 ? 'No actions yet' : 'No action matches'}>
        {all.length === 0
          ? 'Actions come with packs: install one on the Packs page.'
          : `None of ${all.length} holds these words.`}
      </Empty>
    );
  }
  return (
    <VirtualList
      label="Actions"
      className="grouped"
      items={inGroups(found)}
      keyOf={({ action }) => action.ref}
      guess={({ isFirst }) => (isFirst ? ROW_PX + HEAD_PX : ROW_PX)}
    >
      {(grouped) => <ActionRow {...grouped} />}
    </VirtualList>
  );
}

type Grouped = { readonly action: ActionDefinition; readonly isFirst: boolean; readonly isLast: boolean };

/** What is sorted by pack already, with where each pack begins and ends. */
function inGroups(actions: readonly ActionDefinition[]): Grouped[] {
  return actions.map((action, index) => ({
    action,
    isFirst: actions[index - 1]?.pack !== action.pack,
    isLast: actions[index + 1]?.pack !== action.pack,
  }));
}

function ActionRow({ action: { ref, pack, name, description, runner }, isFirst, isLast }: Grouped) {
  return (
    <>
      {isFirst && <h2 className="group-head">{pack}</h2>}
      <div className="row" data-first={isFirst} data-last={isLast}>
        <div className="row-main">
          <Link to="/actions/$ref" params={{ ref }} className="row-title" aria-label={ref}>
            {name}
          </Link>
          <div className="row-text">
            <RichText>{description}</RichText>
          </div>
        </div>
        <span className="quiet hide-narrow">{runner}</span>
        <PinButton action={ref} />
      </div>
    </>
  );
}
