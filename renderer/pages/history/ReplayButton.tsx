import { Button } from '@mantine/core';
import { IconRepeat } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { isJsonObject } from '../../../main/contract/json.ts';
import { ResourceRef } from '../../../main/contract/refs.ts';
import type { TriggerInstance } from '../../../main/contract/triggers.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { showFault } from '../../ui/show-fault.ts';

/** Sends the same event once more: the rules as they are now judge it, and run what they say. */
export function ReplayButton({ event }: { event: TriggerInstance }) {
  const { client } = useEngine();
  const navigate = useNavigate();
  const { payload, traceTag } = event;
  const trigger = ResourceRef.safeParse(event.trigger);
  const replay = useMutation({
    mutationFn: () =>
      client.triggers.emit({
        trigger: ResourceRef.parse(event.trigger),
        payload: isJsonObject(payload) ? payload : {},
        ...(traceTag !== undefined && { traceTag }),
      }),
    onSuccess: ({ id }) => navigate({ to: '/history/trace/$id', params: { id } }),
    onError: showFault,
  });
  if (!trigger.success || !isJsonObject(payload)) return null;
  return (
    <Button
      variant="default"
      leftSection={<IconRepeat size={14} />}
      loading={replay.isPending}
      onClick={() => replay.mutate()}
    >
      Replay
    </Button>
  );
}
