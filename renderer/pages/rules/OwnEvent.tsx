import { Button, JsonInput, Stack } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { isJsonObject, type JsonObject } from '../../../main/contract/json.ts';
import type { ResourceRef } from '../../../main/contract/refs.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { FaultNote } from '../../ui/FaultNote.tsx';
import { Status } from '../../ui/Status.tsx';
import { readRuleText } from './rule-text.ts';
import { Explained } from './TestedEvent.tsx';

/** Tries the rule on an event that somebody makes up, beginning with the last that came. */
export function OwnEvent({ yaml, ruleRef }: { yaml: string; ruleRef: ResourceRef | undefined }) {
  const [text, setText] = useState<string>();
  const { client, queries } = useEngine();
  const trigger = readRuleText(yaml)?.trigger ?? '';
  const [last] = useQuery(queries.lastEvents(trigger)).data ?? [];
  const written = text ?? JSON.stringify(last?.payload ?? {}, null, 2);
  const payload = payloadIn(written);
  const attempt = useMutation({
    mutationFn: (given: JsonObject) => client.rules.test({ yaml, payload: given, ...(ruleRef && { ref: ruleRef }) }),
  });
  const result = attempt.data?.results[0];
  return (
    <details className="card own-event">
      <summary>Try an event of your own</summary>
      <Stack gap="sm" mt="sm" align="flex-start">
        <JsonInput
          w="100%"
          size="xs"
          label="Payload"
          autosize
          minRows={3}
          maxRows={14}
          className="mono"
          value={written}
          error={payload ? undefined : 'a JSON object is needed'}
          onChange={setText}
        />
        <Button
          variant="default"
          disabled={!payload}
          loading={attempt.isPending}
          onClick={() => payload && attempt.mutate(payload)}
        >
          Try it
        </Button>
        {attempt.error && <FaultNote error={attempt.error} />}
        {result && (
          <div role="status" aria-label="What the rule makes of it">
            <Status tone={result.matched ? 'good' : 'idle'} label={result.matched ? 'matched' : 'not matched'} />
            <Explained result={result} />
          </div>
        )}
      </Stack>
    </details>
  );
}

function payloadIn(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
