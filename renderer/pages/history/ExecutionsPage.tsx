import { SegmentedControl, Select } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type Execution, isCompleted } from '../../../main/contract/executions.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { FaultNote } from '../../ui/FaultNote.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Status } from '../../ui/Status.tsx';
import { EXECUTION_TONES, inWords } from '../../ui/status-tones.ts';
import { duration } from '../../ui/times.ts';
import { HistoryLayout } from './HistoryLayout.tsx';
import { HistoryTable } from './HistoryTable.tsx';
import { executionQuery } from './history-search.ts';

const route = getRouteApi('/history/executions');
const HEAD = [
  { name: 'Status' },
  { name: 'Action' },
  { name: 'Started by', wide: true },
  { name: 'Took', wide: true },
  { name: 'When' },
];

export function ExecutionsPage() {
  const { queries } = useEngine();
  const search = route.useSearch();
  const list = useInfiniteQuery(queries.executions(executionQuery(search)));
  const isFiltered = search.status !== undefined || search.action !== undefined;
  return (
    <HistoryLayout tab="executions" filters={<Filters />}>
      {list.error && <FaultNote error={list.error} />}
      <HistoryTable
        kind="executions"
        label="Executions"
        head={HEAD}
        rows={list.data?.pages.flatMap((page) => page.items)}
        more={list.hasNextPage && !list.isFetching}
        onMore={list.fetchNextPage}
        empty={
          <Empty icon={<IconHistory size={28} />} title={isFiltered ? 'Nothing matches' : 'Nothing has run yet'}>
            {isFiltered
              ? 'No execution is of this status and action.'
              : 'Run an action, or wait for an event that a rule answers: each execution is kept here.'}
          </Empty>
        }
        cells={(execution) => <Cells execution={execution} />}
      />
    </HistoryLayout>
  );
}

function Cells({ execution }: { execution: Execution }) {
  const { id, action, status, startedAt, endedAt, createdAt } = execution;
  const search = route.useSearch();
  return (
    <>
      <td>
        <Status tone={EXECUTION_TONES[status]} label={inWords(status)} />
      </td>
      <td>
        <Link
          to="/history/executions/$id"
          params={{ id }}
          search={search}
          className="row-title"
          aria-label={`${action} ${inWords(status)}`}
        >
          {action}
        </Link>
      </td>
      <td className="quiet table-wide">{startedBy(execution)}</td>
      <td className="quiet table-wide">
        {startedAt && endedAt && isCompleted(status) ? duration(startedAt, endedAt) : ''}
      </td>
      <td>
        <Moment at={createdAt} />
      </td>
    </>
  );
}

function startedBy({ context }: Execution): string {
  return context.source === 'rule' ? (context.rule ?? 'a rule') : context.source;
}

function Filters() {
  const { queries } = useEngine();
  const { status, action } = route.useSearch();
  const navigate = route.useNavigate();
  const actions = useQuery(queries.actions()).data ?? [];
  const known = new Set<string>(actions.map(({ ref }) => ref));
  if (action) known.add(action);
  return (
    <>
      <Select
        aria-label="Action"
        placeholder="Every action"
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Every action' }}
        data={[...known].sort()}
        value={action ?? null}
        onChange={(ref) => void navigate({ search: (kept) => ({ ...kept, action: ref ?? undefined }) })}
      />
      <SegmentedControl
        size="xs"
        aria-label="Status"
        value={status ?? 'all'}
        data={[
          { value: 'all', label: 'All' },
          { value: 'open', label: 'Running' },
          { value: 'succeeded', label: 'Succeeded' },
          { value: 'failed', label: 'Failed' },
        ]}
        onChange={(value) =>
          void navigate({ search: (kept) => ({ ...kept, status: value === 'all' ? undefined : value }) })
        }
      />
    </>
  );
}
