import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import type { Client } from '../../main/contract/rpc.ts';
import { keepFresh } from './keep-fresh.ts';
import type { Connection } from './open-connection.ts';
import { type Queries, queriesOf } from './queries.ts';

export type Engine = {
  readonly client: Client;
  readonly queries: Queries;
  readonly connection: Connection;
  /** `connecting` until the first time; then `disconnected` whenever the engine is out of reach. */
  readonly state: 'connecting' | 'connected' | 'disconnected' | 'refused';
};

const EngineContext = createContext<Engine | undefined>(undefined);

export function useEngine(): Engine {
  const engine = useContext(EngineContext);
  if (!engine) throw new Error('`useEngine` is called outside of `EngineProvider`');
  return engine;
}

export function EngineProvider(props: { client: Client; connection: Connection; children: ReactNode }) {
  const { client, connection } = props;
  const cache = useQueryClient();
  const queries = useMemo(() => queriesOf(client), [client]);
  const [state, setState] = useState<Engine['state']>('connecting');

  useEffect(() => keepFresh(client, queries, cache), [client, queries, cache]);
  useEffect(() => {
    let hasBeenConnected = false;
    return connection.transport.onState((now) => {
      setState((before) => (now === 'disconnected' && before === 'connecting' ? 'connecting' : now));
      if (now !== 'connected') return;
      // Events that were sent while we were away are lost, so everything is read again.
      if (hasBeenConnected) void cache.invalidateQueries();
      hasBeenConnected = true;
    });
  }, [connection, cache]);
  useEffect(() => connection.onRefused(() => setState('refused')), [connection]);

  const engine = useMemo(() => ({ client, queries, connection, state }), [client, queries, connection, state]);
  return <EngineContext value={engine}>{props.children}</EngineContext>;
}
