import { ActionIcon, Tooltip, UnstyledButton, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import {
  IconBolt,
  IconBoltFilled,
  IconDatabase,
  IconFileText,
  IconHistory,
  IconHome,
  IconMessageQuestion,
  IconMoon,
  IconPackage,
  IconPlayerPause,
  IconPlayerPlay,
  IconRoute,
  IconSearch,
  IconSettings,
  IconSun,
} from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { EngineStatus } from '../../main/contract/engine.ts';
import { type Engine, useEngine } from '../client/EngineProvider.tsx';
import { Status } from '../ui/Status.tsx';
import type { Tone } from '../ui/status-tones.ts';

/** The places of the window, and at its foot how the engine is. */
export function Rail() {
  const { queries } = useEngine();
  const packs = useQuery(queries.packs());
  const rules = useQuery(queries.rules());
  const actions = useQuery(queries.actions());
  const questions = useQuery(queries.inquiries());
  return (
    <nav className="rail" aria-label="Main">
      <div className="brand">
        <IconBoltFilled size={18} aria-hidden />
        <span className="rail-word">Stormlet</span>
      </div>
      <UnstyledButton className="rail-search" onClick={spotlight.open} title="Search and commands">
        <IconSearch size={15} aria-hidden />
        <span className="rail-word">Search…</span>
        <kbd aria-hidden>{navigator.platform.startsWith('Mac') ? '⌘K' : 'Ctrl K'}</kbd>
      </UnstyledButton>
      <RailLink to="/" icon={<IconHome size={17} />} word="Home" />
      <RailLink to="/packs" icon={<IconPackage size={17} />} word="Packs" count={packs.data?.length} />
      <RailLink to="/rules" icon={<IconRoute size={17} />} word="Rules" count={rules.data?.length} />
      <RailLink to="/actions" icon={<IconBolt size={17} />} word="Actions" count={actions.data?.length} />
      <RailLink
        to="/inquiries"
        icon={<IconMessageQuestion size={17} />}
        word="Questions"
        count={questions.data?.length || undefined}
      />
      <RailLink to="/history" icon={<IconHistory size={17} />} word="History" />
      <RailLink to="/datastore" icon={<IconDatabase size={17} />} word="Datastore" />
      <RailLink to="/logs" icon={<IconFileText size={17} />} word="Logs" />
      <RailLink to="/settings" icon={<IconSettings size={17} />} word="Settings" />
      <RailFoot />
    </nav>
  );
}

type RailLinkProps = {
  to: '/' | '/packs' | '/rules' | '/actions' | '/inquiries' | '/history' | '/datastore' | '/logs' | '/settings';
  icon: ReactNode;
  word: string;
  count?: number | undefined;
};

function RailLink({ to, icon, word, count }: RailLinkProps) {
  return (
    <Link to={to} className="rail-link" activeOptions={{ exact: to === '/', includeSearch: false }} title={word}>
      {icon}
      <span className="rail-word">{word}</span>
      {count !== undefined && (
        <span className="rail-count" aria-hidden>
          {count}
        </span>
      )}
    </Link>
  );
}

function RailFoot() {
  const { queries, state } = useEngine();
  const status = useQuery(queries.status()).data;
  const [tone, words] = engineState(state, status);
  return (
    <div className="rail-foot">
      <div className="rail-foot-row">
        <span className="rail-word">
          <Status tone={tone} label={words} />
        </span>
        <PauseButton paused={status?.paused ?? false} />
      </div>
      <div className="rail-foot-row">
        <span className="rail-word quiet">{status && `v${status.version}`}</span>
        <SchemeButton />
      </div>
    </div>
  );
}

function engineState(state: Engine['state'], status: EngineStatus | undefined): [Tone, string] {
  if (state === 'disconnected') return ['bad', 'Offline'];
  if (!status) return ['idle', 'Connecting'];
  const { paused, running } = status;
  if (paused) return ['warn', 'Paused'];
  return running > 0 ? ['busy', `${running} running`] : ['good', 'Ready'];
}

function PauseButton({ paused }: { paused: boolean }) {
  const { client } = useEngine();
  const set = useMutation({ mutationFn: () => client.engine.setPaused({ paused: !paused }) });
  const word = paused ? 'Resume' : 'Pause';
  return (
    <Tooltip label={paused ? 'Resume: rules run again' : 'Pause: events are kept, rules wait'} position="right">
      <ActionIcon aria-label={`${word} rules`} loading={set.isPending} onClick={() => set.mutate()}>
        {paused ? <IconPlayerPlay size={16} /> : <IconPlayerPause size={16} />}
      </ActionIcon>
    </Tooltip>
  );
}

function SchemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  const words = isDark ? 'Use light colours' : 'Use dark colours';
  return (
    <Tooltip label={words} position="right">
      <ActionIcon aria-label={words} onClick={() => setColorScheme(isDark ? 'light' : 'dark')}>
        {isDark ? <IconSun size={16} /> : <IconMoon size={16} />}
      </ActionIcon>
    </Tooltip>
  );
}
