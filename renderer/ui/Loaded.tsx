import { Button, Skeleton, Stack } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { FaultNote } from './FaultNote.tsx';

type LoadedProps<T> = { readonly query: UseQueryResult<T>; readonly children: (value: T) => ReactNode };

/** What was read, or that it is still being read, or why it could not be, with a way to try again. */
export function Loaded<T>({ query, children }: LoadedProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (!query.error) return <Waiting />;
  return (
    <Stack gap="sm" align="flex-start">
      <FaultNote error={query.error} />
      <Button variant="default" onClick={() => void query.refetch()}>
        Try again
      </Button>
    </Stack>
  );
}

export function Waiting() {
  return (
    <div role="status" aria-label="Loading">
      <Stack gap="xs">
        <Skeleton height={34} />
        <Skeleton height={34} />
        <Skeleton height={34} width="70%" />
      </Stack>
    </div>
  );
}
