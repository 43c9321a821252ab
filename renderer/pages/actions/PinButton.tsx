import { ActionIcon, Tooltip } from '@mantine/core';
import { IconPin, IconPinFilled } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ResourceRef } from '../../../main/contract/refs.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { showFault } from '../../ui/show-fault.ts';

/** Keeps an action at hand: on top of the list, on the first page and in the tray's menu. */
export function PinButton({ action }: { action: ResourceRef }) {
  const { client, queries } = useEngine();
  const cache = useQueryClient();
  const pinned = useQuery(queries.settings()).data?.tray.pinnedActions ?? [];
  const isPinned = pinned.includes(action);
  const pin = useMutation({
    mutationFn: () => {
      const others = pinned.filter((ref) => ref !== action);
      return client.settings.update({ tray: { pinnedActions: isPinned ? others : [...others, action] } });
    },
    onSuccess: (settings) => cache.setQueryData(queries.settings().queryKey, settings),
    onError: showFault,
  });
  const words = isPinned ? `Unpin ${action}` : `Pin ${action}`;
  return (
    <Tooltip label={isPinned ? 'Unpin' : 'Pin: a button on the first page and in the tray'}>
      <ActionIcon aria-label={words} aria-pressed={isPinned} loading={pin.isPending} onClick={() => pin.mutate()}>
        {isPinned ? <IconPinFilled size={16} /> : <IconPin size={16} />}
      </ActionIcon>
    </Tooltip>
  );
}
