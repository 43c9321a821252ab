import { Button, Skeleton, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { FaultNote } from './FaultNote.tsx';
import type { Reading } from './together.ts';

type LoadedProps<T> = {
  readonly query: Reading<T>;
  /** Stands above as long as the content, which has a heading of its own, is not there. */
  readonly heading?: ReactNode;
  readonly children: (value: T) => ReactNode;
};

/** What was read, or that it is still being read, or why it could not be, with a way to try again. */
export function Loaded<T>({ query, heading, children }: LoadedProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  return (
    <>
      {heading}
      {query.error ? <Unread query={query} error={query.error} /> : <Waiting />}
    </>
  );
}

function Unread({ query, error }: { query: Reading<unknown>; error: Error }) {
  return (
    <Stack gap="sm" align="flex-start">
      <FaultNote error={error} />
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
