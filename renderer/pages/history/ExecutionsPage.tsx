import { IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type Execution, isCompleted } from '../../../main/contract/executions.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { FaultNote } from '../../ui/FaultNote.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Status } from '../../ui/Status.tsx';
import { EXECUTION_TONES, inWords } from '../../ui/status-tones.ts';
import { duration } from '../../ui/times.ts';
import { ExportButton } from './ExportButton.tsx';
import { FilterBar, PackPick, Pick, StatusPick } from './FilterBar.tsx';
import { HistoryLayout } from './HistoryLayout.tsx';
import { HistoryTable } from './HistoryTable.tsx';
import { type ExecutionSearch, executionQuery, isNarrowed } from './history-search.ts';

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
  const isFiltered = isNarrowed(search);
  return (
    <HistoryLayout tab="executions" filters={<Filters />} actions={<Export />}>
      <Loaded query={list}>
        {({ pages }) => (
          <>
            {list.error && <FaultNote error={list.error} />}
            <HistoryTable
              kind="executions"
              label="Executions"
              head={HEAD}
              rows={pages.flatMap((page) => page.items)}
              more={list.hasNextPage && !list.isError}
              busy={list.isFetching}
              stale={list.isPlaceholderData}
              onMore={list.fetchNextPage}
              empty={
                <Empty icon={<IconHistory size={28} />} title={isFiltered ? 'Nothing matches' : 'Nothing has run yet'}>
                  {isFiltered
                    ? 'No execution of the history fits these filters.'
                    : 'Run an action, or wait for an event that a rule answers: each execution is kept here.'}
                </Empty>
              }
              cells={(execution) => <Cells execution={execution} />}
            />
          </>
        )}
      </Loaded>
    </HistoryLayout>
  );
}

function Export() {
  const { client } = useEngine();
  const query = executionQuery(route.useSearch());
  return (
    <ExportButton
      name="stormlet-executions"
      readPage={(before, limit) => client.executions.page({ ...query, limit, ...(before !== undefined && { before }) })}
    />
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
  if (context.parent) return context.task ? `a workflow, as ${context.task.name}` : 'another execution';
  return context.source === 'rule' ? (context.rule ?? 'a rule') : context.source;
}

function Filters() {
  const { queries } = useEngine();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (changed: Partial<ExecutionSearch>) =>
    void navigate({ search: (kept) => ({ ...kept, ...changed }), replace: true });
  const actions = useQuery(queries.actions()).data ?? [];
  const rules = useQuery(queries.rules()).data ?? [];
  return (
    <FilterBar
      search={search}
      onChange={change}
      onClear={isNarrowed(search) ? () => void navigate({ search: {} }) : undefined}
    >
      <StatusPick options={STATUSES} value={search.status} onChange={(status) => change({ status })} />
      <Pick
        name="Action"
        every="Every action"
        known={actions.map(({ ref }) => ref)}
        value={search.action}
        onChange={(action) => change({ action })}
      />
      <Pick
        name="Rule"
        every="Every rule"
        known={rules.map(({ ref }) => ref)}
        value={search.rule}
        onChange={(rule) => change({ rule })}
      />
      <PackPick value={search.pack} onChange={(pack) => change({ pack })} />
    </FilterBar>
  );
}

const STATUSES = [
  { value: 'open', label: 'Running' },
  { value: 'succeeded', label: 'Succeeded' },
  { value: 'failed', label: 'Failed' },
] as const;
