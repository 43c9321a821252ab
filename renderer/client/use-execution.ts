import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type Execution, isCompleted, type OutputChunk } from '../../main/contract/executions.ts';
import type { JsonObject } from '../../main/contract/json.ts';
import { ResourceRef } from '../../main/contract/refs.ts';
import { useEngine } from './EngineProvider.tsx';
import { appendOutput, type OutputLine } from './output-lines.ts';

/** Starts an action and follows its execution to the end. `from`: an earlier one, whose secrets stay what they were. */
export function useRun(action: string, from?: string) {
  const { client, queries } = useEngine();
  const cache = useQueryClient();
  const [id, setId] = useState<string>();
  const start = useMutation({
    mutationFn: (parameters: JsonObject) =>
      from === undefined
        ? client.executions.run({ action: ResourceRef.parse(action), parameters })
        : client.executions.rerun({ id: from, parameters }),
    onSuccess(execution) {
      // An event may have told more of it already, before the answer to the call came.
      cache.setQueryData(queries.execution(execution.id).queryKey, (known) => known ?? execution);
      setId(execution.id);
    },
  });
  const execution = useExecution(id);
  return {
    start: start.mutate,
    fault: start.error ?? undefined,
    execution: execution.data,
    /** From the click until the last state has come. */
    busy: start.isPending || (id !== undefined && !(execution.data && isCompleted(execution.data.status))),
    forget() {
      setId(undefined);
      start.reset();
    },
  };
}

export function useExecution(id: string | undefined) {
  const { queries } = useEngine();
  return useQuery({ ...queries.execution(id ?? ''), enabled: id !== undefined });
}

export function useCancel() {
  const { client } = useEngine();
  return useMutation({ mutationFn: (id: string) => client.executions.cancel({ id }) });
}

/** What an execution prints, live; what it printed, when it has finished before this was mounted. */
export function useOutput(execution: Execution): readonly OutputLine[] {
  const { client, state } = useEngine();
  const [lines, setLines] = useState<readonly OutputLine[]>([]);
  const { id } = execution;
  const [live] = useState(() => !isCompleted(execution.status));

  useEffect(() => {
    if (!live || state !== 'connected') return;
    let left = false;
    const end = client.executions.onPrinted((chunk) => {
      if (chunk.execution === id) setLines((printed) => appendOutput(printed, [chunk]));
    });
    // Events that are under way are delivered before an answer, so the answer holds all that came before it.
    client.executions.output({ id }).then(
      (chunks) => !left && setLines(appendOutput([], chunks)),
      () => undefined,
    );
    return () => {
      left = true;
      end();
    };
  }, [client, id, live, state]);

  return lines.length > 0 ? lines : appendOutput([], printedBy(execution));
}

function printedBy({ id, result }: Execution): OutputChunk[] {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return [];
  return (['stdout', 'stderr'] as const).flatMap((stream) => {
    const text = result[stream];
    return typeof text === 'string' && text !== '' ? [{ execution: id, stream, text }] : [];
  });
}
