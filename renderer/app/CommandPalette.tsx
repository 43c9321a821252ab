import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import {
  IconBolt,
  IconHistory,
  IconHome,
  IconMessageQuestion,
  IconPackage,
  IconPlus,
  IconRoute,
  IconSearch,
  IconSettings,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useEngine } from '../client/EngineProvider.tsx';

/** Everything that has a name, from the keyboard. */
export function CommandPalette() {
  const actions = useCommands();
  return (
    <Spotlight
      actions={actions}
      shortcut="mod + K"
      limit={40}
      scrollable
      maxHeight={420}
      nothingFound="Nothing by that name"
      searchProps={{
        leftSection: <IconSearch size={17} />,
        placeholder: 'Go to a page, a pack, a rule, or run an action',
        'aria-label': 'Search and commands',
      }}
    />
  );
}

function useCommands(): SpotlightActionGroupData[] {
  const { queries } = useEngine();
  const navigate = useNavigate();
  const packs = useQuery(queries.packs()).data;
  const rules = useQuery(queries.rules()).data;
  const actions = useQuery(queries.actions()).data;
  return useMemo(() => {
    const places = [
      { label: 'Home', icon: IconHome, to: '/' },
      { label: 'Packs', icon: IconPackage, to: '/packs' },
      { label: 'Rules', icon: IconRoute, to: '/rules' },
      { label: 'New rule', icon: IconPlus, to: '/rules/new' },
      { label: 'Actions', icon: IconBolt, to: '/actions' },
      { label: 'Questions', icon: IconMessageQuestion, to: '/inquiries' },
      { label: 'History: executions', icon: IconHistory, to: '/history/executions' },
      { label: 'History: events', icon: IconHistory, to: '/history/events' },
      { label: 'Settings', icon: IconSettings, to: '/settings' },
    ] as const;
    return [
      {
        group: 'Pages',
        actions: places.map(({ label, icon: Icon, to }) => ({
          id: `page ${to}`,
          label,
          leftSection: <Icon size={17} />,
          onClick: () => void navigate({ to }),
        })),
      },
      {
        group: 'Run an action',
        actions: (actions ?? []).map(({ ref, description }) => ({
          id: `action ${ref}`,
          label: ref,
          description,
          leftSection: <IconBolt size={17} />,
          onClick: () => void navigate({ to: '/actions/$ref', params: { ref } }),
        })),
      },
      {
        group: 'Packs',
        actions: (packs ?? []).map(({ ref, name, description }) => ({
          id: `pack ${ref}`,
          label: name,
          description,
          leftSection: <IconPackage size={17} />,
          onClick: () => void navigate({ to: '/packs/$ref', params: { ref } }),
        })),
      },
      {
        group: 'Rules',
        actions: (rules ?? []).map(({ ref, description }) => ({
          id: `rule ${ref}`,
          label: ref,
          description,
          leftSection: <IconRoute size={17} />,
          onClick: () => void navigate({ to: '/rules/$ref', params: { ref } }),
        })),
      },
    ];
  }, [packs, rules, actions, navigate]);
}
