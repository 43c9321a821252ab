/*
 * The frame around the pages: providers, routes, the rail, banners, toasts and the command palette. It knows every page;
 * no page knows it.
 */
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import '../styles/base.css';
import '../styles/frame.css';
import '../styles/lists.css';
import '../styles/logs.css';
import '../styles/rules.css';
import '../styles/workflows.css';
import '../styles/forms.css';
import '../styles/executions.css';
import '../styles/history.css';
import '../styles/home.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { spotlight } from '@mantine/spotlight';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { StormletError } from '../../main/contract/errors.ts';
import type { Client } from '../../main/contract/rpc.ts';
import { COMMAND_BAR } from '../../main/contract/window-requests.ts';
import { EngineProvider } from '../client/EngineProvider.tsx';
import type { Connection } from '../client/open-connection.ts';
import { cssVariables, theme } from '../styles/theme.ts';
import { createWindowRouter } from './router.tsx';

export function App({ client, connection }: { client: Client; connection: Connection }) {
  const [cache] = useState(createCache);
  const [router] = useState(createWindowRouter);
  useEffect(
    () =>
      connection.onOpen((asked) => {
        if (asked === COMMAND_BAR) spotlight.open();
        else router.history.push(asked);
      }),
    [connection, router],
  );
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={cache}>
        <EngineProvider client={client} connection={connection}>
          <Notifications position="bottom-right" limit={3} autoClose={5000} />
          <RouterProvider router={router} />
        </EngineProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** The engine is on this machine: whether there is a network does not matter, and events say when something is stale. */
function createCache(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        retry: (count, error) => count < 2 && error instanceof StormletError && error.code === 'rpc/disconnected',
      },
      mutations: { networkMode: 'always' },
    },
  });
}
