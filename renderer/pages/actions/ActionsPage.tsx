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
import { Section } from '../../ui/Section.tsx';
import { findActions } from './find-actions.ts';
import { PinButton } from './PinButton.tsx';

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
  return [...Map.groupBy(found, ({ pack }) => pack)].map(([pack, members]) => (
    <Section key={pack} title={pack}>
      <ul className="list" aria-label={`Actions of ${pack}`}>
        {members.map((action) => (
          <li key={action.ref} className="row">
            <div className="row-main">
              <Link to="/actions/$ref" params={{ ref: action.ref }} className="row-title" aria-label={action.ref}>
                {action.name}
              </Link>
              <div className="row-text">{action.description}</div>
            </div>
            <span className="quiet hide-narrow">{action.runner}</span>
            <PinButton action={action.ref} />
          </li>
        ))}
      </ul>
    </Section>
  ));
}
