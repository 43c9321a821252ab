import { Anchor } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { PackDetail } from '../../../main/contract/packs.ts';
import { type PackRef, ResourceRef } from '../../../main/contract/refs.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { ConfirmButton } from '../../ui/ConfirmButton.tsx';
import { FileFacts } from '../../ui/FileFacts.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ProblemList } from '../../ui/ProblemList.tsx';
import { Section } from '../../ui/Section.tsx';
import { showFault } from '../../ui/show-fault.ts';
import { PolicyList } from '../policies/PolicyList.tsx';
import { ConfigPanel } from './ConfigPanel.tsx';
import { PackContents } from './PackContents.tsx';
import { PackState, PackSwitch } from './PackRow.tsx';
import { SensorList } from './SensorList.tsx';
import { VersionPanel } from './VersionPanel.tsx';
import { VirtualenvPanel } from './VirtualenvPanel.tsx';

const UNINSTALL = ResourceRef.parse('packs.uninstall');

export function PackPage({ packRef }: { packRef: PackRef }) {
  const { queries } = useEngine();
  const pack = useQuery(queries.pack(packRef));
  return (
    <div className="page">
      <Loaded query={pack} heading={<PageHeader title={packRef} trail={<Link to="/packs">Packs</Link>} />}>
        {(detail) => <Pack pack={detail} />}
      </Loaded>
    </div>
  );
}

function Pack({ pack }: { pack: PackDetail }) {
  return (
    <>
      <PageHeader
        title={pack.name}
        trail={<Link to="/packs">Packs</Link>}
        status={<PackState pack={pack} />}
        description={pack.description}
      >
        <PackSwitch pack={pack} />
        <Anchor
          size="xs"
          renderRoot={(props) => <Link to="/settings" search={{ section: 'limits', of: pack.ref }} {...props} />}
        >
          Its limits
        </Anchor>
        {pack.origin === 'installed' && <RemoveButton pack={pack} />}
      </PageHeader>
      {pack.problems.length > 0 && <ProblemList problems={pack.problems} />}
      <div className="two-columns">
        <PackFacts pack={pack} />
        <VirtualenvPanel pack={pack} />
      </div>
      {pack.origin === 'installed' && <VersionPanel pack={pack} />}
      {pack.state !== 'broken' && <ConfigPanel packRef={pack.ref} />}
      <SensorList pack={pack} />
      <PackContents pack={pack} />
      <PackPolicies pack={pack} />
    </>
  );
}

/** Those that came with the pack, whatever action they are for. */
function PackPolicies({ pack }: { pack: PackDetail }) {
  const { queries } = useEngine();
  const policies = useQuery(queries.policies()).data?.filter((policy) => policy.pack === pack.ref) ?? [];
  if (policies.length === 0) return null;
  return (
    <Section title="Policies">
      <PolicyList policies={policies} />
    </Section>
  );
}

function PackFacts({ pack }: { pack: PackDetail }) {
  return (
    <Section title="About">
      <dl className="facts">
        {pack.origin === 'built-in' && (
          <>
            <dt>Version</dt>
            <dd>{pack.version}</dd>
          </>
        )}
        <dt>Author</dt>
        <dd>{pack.author || 'not given'}</dd>
        <dt>Requirements</dt>
        <dd className="mono">{pack.requirements.length > 0 ? pack.requirements.join(', ') : 'none'}</dd>
        {pack.keywords.length > 0 && (
          <>
            <dt>Keywords</dt>
            <dd>{pack.keywords.join(', ')}</dd>
          </>
        )}
        <FileFacts of={pack.ref} kind="pack" />
      </dl>
    </Section>
  );
}

/** The removal is an execution like any other: its failure comes as a notice, wherever the reader is by then. */
function RemoveButton({ pack }: { pack: PackDetail }) {
  const { client } = useEngine();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => client.executions.run({ action: UNINSTALL, parameters: { packs: [pack.ref] } }),
    onSuccess: () => navigate({ to: '/packs' }),
    onError: showFault,
  });
  return (
    <ConfirmButton
      label="Remove"
      icon={<IconTrash size={14} />}
      title={`Remove ${pack.name}?`}
      confirm="Remove the pack"
      onConfirm={() => remove.mutate()}
    >
      Its sensors stop, and its {pack.counts.rules} rules, {pack.counts.actions} actions, its virtualenv and its
      previous version are deleted. The history of what they did stays, and so do your own rules.
    </ConfirmButton>
  );
}
