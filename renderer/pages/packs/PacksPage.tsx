/*
 * The pages, a folder a place of the window. A page reads with the queries of client/ and acts with the contract's
 * commands; what it decides is a function in a file of its own. No page imports another page's folder.
 */
import { Button } from '@mantine/core';
import { IconPackage, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PackSummary } from '../../../main/contract/packs.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { stepThroughLinks } from '../../ui/step-through-links.ts';
import { InstallDialog } from './InstallDialog.tsx';
import { PackRow } from './PackRow.tsx';

export function PacksPage() {
  const { queries } = useEngine();
  const packs = useQuery(queries.packs());
  const [installing, setInstalling] = useState(false);
  const installButton = (
    <Button leftSection={<IconPlus size={15} />} onClick={() => setInstalling(true)}>
      Install a pack
    </Button>
  );
  return (
    <div className="page">
      <PageHeader
        title="Packs"
        description="A pack brings sensors, triggers, rules and actions. Each runs in a Python virtualenv of its own."
      >
        {installButton}
      </PageHeader>
      <Loaded query={packs}>{(listed) => <PackList packs={listed} installButton={installButton} />}</Loaded>
      {installing && <InstallDialog onClose={() => setInstalling(false)} />}
    </div>
  );
}

function PackList({ packs, installButton }: { packs: PackSummary[]; installButton: React.ReactNode }) {
  if (packs.length === 0) {
    return (
      <Empty icon={<IconPackage size={28} />} title="No packs yet" action={installButton}>
        Install one from a folder on this machine, or one of those that come with Stormlet.
      </Empty>
    );
  }
  const sorted = [...packs].sort(
    (a, b) => Number(a.origin === 'built-in') - Number(b.origin === 'built-in') || a.name.localeCompare(b.name),
  );
  return (
    <ul className="list" aria-label="Packs" onKeyDown={stepThroughLinks}>
      {sorted.map((pack) => (
        <PackRow key={pack.ref} pack={pack} />
      ))}
    </ul>
  );
}
