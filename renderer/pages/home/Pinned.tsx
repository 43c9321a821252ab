import { Button, Group } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ActionDefinition } from '../../../main/contract/packs.ts';
import type { ParameterSpec } from '../../../main/contract/parameter-spec.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Section } from '../../ui/Section.tsx';
import { showFault } from '../../ui/show-fault.ts';

/** The actions that somebody pinned, as buttons. */
export function Pinned() {
  const { queries } = useEngine();
  const pinned = useQuery(queries.settings()).data?.tray.pinnedActions ?? [];
  const actions = useQuery(queries.actions()).data ?? [];
  const there = pinned.flatMap((ref) => actions.find((action) => action.ref === ref) ?? []);
  if (there.length === 0) return null;
  return (
    <Section title="Pinned">
      <Group gap="sm">
        {there.map((action) => (
          <RunButton key={action.ref} action={action} />
        ))}
      </Group>
    </Section>
  );
}

/** Runs at once what has to be told nothing; of anything else it opens the form. */
function RunButton({ action: { ref, name, parameters } }: { action: ActionDefinition }) {
  const { client } = useEngine();
  const navigate = useNavigate();
  const needsWords = Object.values(parameters).some(isNeeded);
  const run = useMutation({
    mutationFn: () => client.executions.run({ action: ref, parameters: {} }),
    onSuccess: ({ id }) => navigate({ to: '/history/executions/$id', params: { id } }),
    onError: showFault,
  });
  return (
    <Button
      variant="default"
      title={ref}
      leftSection={<IconBolt size={14} />}
      loading={run.isPending}
      onClick={() => (needsWords ? void navigate({ to: '/actions/$ref', params: { ref } }) : run.mutate())}
    >
      {name}
      {needsWords && '…'}
    </Button>
  );
}

function isNeeded({ required, default: fallback }: ParameterSpec): boolean {
  return required === true && (fallback ?? null) === null;
}
