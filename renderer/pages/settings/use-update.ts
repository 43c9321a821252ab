import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SettingsPatch } from '../../../main/contract/settings.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { showFault } from '../../ui/show-fault.ts';

/** Changes settings at once; a refusal is told where nothing else can tell it. */
export function useUpdate(): (patch: SettingsPatch) => void {
  const { client, queries } = useEngine();
  const cache = useQueryClient();
  const update = useMutation({
    mutationFn: (patch: SettingsPatch) => client.settings.update(patch),
    onSuccess: (settings) => cache.setQueryData(queries.settings().queryKey, settings),
    onError: showFault,
  });
  return update.mutate;
}
