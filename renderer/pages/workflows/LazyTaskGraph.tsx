import { lazy, Suspense } from 'react';
import { Waiting } from '../../ui/Loaded.tsx';
import type { TaskGraphProps } from './TaskGraph.tsx';

/** What draws it is large, and only workflows need it. */
const Graph = lazy(async () => ({ default: (await import('./TaskGraph.tsx')).TaskGraph }));

export function LazyTaskGraph(props: TaskGraphProps) {
  return (
    <Suspense fallback={<Waiting />}>
      <Graph {...props} />
    </Suspense>
  );
}
