import { Switch } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { PackSummary } from '../../../main/contract/packs.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { ProblemList } from '../../ui/ProblemList.tsx';
import { RichText } from '../../ui/RichText.tsx';
import { Status } from '../../ui/Status.tsx';
import { showFault } from '../../ui/show-fault.ts';
import { inWords, PACK_TONES } from '../../ui/status-tones.ts';

export function PackRow({ pack }: { pack: PackSummary }) {
  const { ref, name, version, description, counts, state } = pack;
  return (
    <li data-testid={`pack-${ref}`}>
      <div className="row">
        <div className="row-main">
          <Link to="/packs/$ref" params={{ ref }} className="row-title">
            {name}
          </Link>{' '}
          <span className="quiet">
            {version} {pack.origin === 'built-in' && '· built in'}
          </span>
          <div className="row-text">
            <RichText>{description}</RichText>
          </div>
        </div>
        <div className="counts hide-narrow">
          {counts.actions > 0 && <span>{count(counts.actions, 'action')}</span>}
          {counts.sensors > 0 && <span>{count(counts.sensors, 'sensor')}</span>}
          {counts.rules > 0 && <span>{count(counts.rules, 'rule')}</span>}
        </div>
        <PackState pack={pack} />
        <div className="row-side">
          <PackSwitch pack={pack} />
        </div>
      </div>
      {pack.problems.length > 0 && state !== 'disabled' && (
        <div className="row-more">
          <ProblemList problems={pack.problems} />
        </div>
      )}
    </li>
  );
}

export function PackState({ pack }: { pack: PackSummary }) {
  if (pack.virtualenv.state === 'building') return <Status tone="busy" label="building" />;
  if (pack.state === 'ready' && pack.missingConfig.length > 0)
    return <Status tone="warn" label="needs configuration" />;
  return <Status tone={PACK_TONES[pack.state]} label={inWords(pack.state)} />;
}

export function PackSwitch({ pack }: { pack: PackSummary }) {
  const { client } = useEngine();
  const set = useMutation({
    mutationFn: (enabled: boolean) => client.packs.setEnabled({ ref: pack.ref, enabled }),
    onError: showFault,
  });
  return (
    <Switch
      aria-label={`Pack ${pack.name} is on`}
      checked={set.isPending ? set.variables : pack.enabled}
      onChange={(event) => set.mutate(event.currentTarget.checked)}
    />
  );
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
