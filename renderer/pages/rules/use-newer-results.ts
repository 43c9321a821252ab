import { useQueryClient } from '@tanstack/react-query';
import { type RefObject, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { ResourceRef } from '../../../main/contract/refs.ts';
import type { TriggerInstance } from '../../../main/contract/triggers.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { concerns, holds, type TestPages, withNewer } from './newer-results.ts';

type Tested = {
  readonly yaml: string;
  readonly ruleRef: ResourceRef | undefined;
  readonly since: string | undefined;
  readonly data: TestPages | undefined;
  /** What somebody may be reading. */
  readonly list: RefObject<HTMLElement | null>;
};

/** Events that come at once are taken together, and no more often than a person can follow. */
const EVERY_MS = 1000;
const MOST_AT_ONCE = 500;

/**
 * Takes events that come into the test of a rule. While somebody reads the list (points at it, is in it with the keyboard,
 * has one opened) it stays as it is: `waiting` tells how many have come, and `take` takes them.
 */
export function useNewerResults({ yaml, ruleRef, since, data, list }: Tested): { waiting: number; take: () => void } {
  const { client, queries } = useEngine();
  const cache = useQueryClient();
  const came = useRef(new Map<string, string>());
  const [waiting, setWaiting] = useState(0);
  const take = async () => {
    if (!data || came.current.size === 0) return;
    const [earliest] = [...came.current.values()].sort();
    came.current = new Map();
    setWaiting(0);
    const { queryKey } = queries.ruleTest({ yaml, ref: ruleRef, since });
    const request = { yaml, ...(ruleRef && { ref: ruleRef }), ...(earliest && { since: earliest }) };
    const newer = await client.rules.test({ ...request, limit: MOST_AT_ONCE }).catch(() => undefined);
    const known = cache.getQueryData<TestPages>(queryKey);
    if (!newer || !known) return;
    const merged = withNewer(known, newer);
    if (merged) cache.setQueryData(queryKey, merged);
    else await cache.invalidateQueries({ queryKey });
  };
  const onEvent = useEffectEvent((event: TriggerInstance) => {
    if (!data || event.status === 'pending' || !concerns(data, event) || holds(data, event.id)) return;
    came.current.set(event.id, event.receivedAt);
  });
  const onTick = useEffectEvent(() => {
    // A test that was made since then, for example of another text, has them already.
    for (const id of came.current.keys()) if (data && holds(data, id)) came.current.delete(id);
    setWaiting(came.current.size);
    if (!isRead(list.current)) void take();
  });
  useEffect(() => client.triggers.onChanged(onEvent), [client]);
  useEffect(() => {
    const timer = setInterval(onTick, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return { waiting, take: () => void take() };
}

function isRead(list: HTMLElement | null): boolean {
  return list !== null && (list.matches(':hover, :focus-within') || list.querySelector('details[open]') !== null);
}
