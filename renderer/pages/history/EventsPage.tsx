import { IconAccessPoint } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { TriggerInstance } from '../../../main/contract/triggers.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { FaultNote } from '../../ui/FaultNote.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Status } from '../../ui/Status.tsx';
import { INSTANCE_TONES, inWords } from '../../ui/status-tones.ts';
import { ExportButton } from './ExportButton.tsx';
import { FilterBar, PackPick, Pick, StatusPick } from './FilterBar.tsx';
import { HistoryLayout } from './HistoryLayout.tsx';
import { HistoryTable } from './HistoryTable.tsx';
import { type EventSearch, instanceQuery, isNarrowed } from './history-search.ts';

const route = getRouteApi('/history/events');
const HEAD = [
  { name: 'Status' },
  { name: 'Trigger' },
  { name: 'Payload', wide: true },
  { name: 'Sent by', wide: true },
  { name: 'When' },
];

export function EventsPage() {
  const { queries } = useEngine();
  const search = route.useSearch();
  const list = useInfiniteQuery(queries.instances(instanceQuery(search)));
  const isFiltered = isNarrowed(search);
  return (
    <HistoryLayout tab="events" filters={<Filters />} actions={<Export />}>
      <Loaded query={list}>
        {({ pages }) => (
          <>
            {list.error && <FaultNote error={list.error} />}
            <HistoryTable
              kind="events"
              label="Events"
              head={HEAD}
              rows={pages.flatMap((page) => page.items)}
              more={list.hasNextPage && !list.isError}
              busy={list.isFetching}
              stale={list.isPlaceholderData}
              onMore={list.fetchNextPage}
              empty={
                <Empty
                  icon={<IconAccessPoint size={28} />}
                  title={isFiltered ? 'Nothing matches' : 'No event has come yet'}
                >
                  {isFiltered
                    ? 'No event of the history fits these filters.'
                    : 'Events come from the sensors of packs: install one, or send an event with `stormlet trigger emit`.'}
                </Empty>
              }
              cells={(instance) => <Cells instance={instance} />}
            />
          </>
        )}
      </Loaded>
    </HistoryLayout>
  );
}

function Export() {
  const { client } = useEngine();
  const query = instanceQuery(route.useSearch());
  return (
    <ExportButton
      name="stormlet-events"
      readPage={(before, limit) => client.triggers.page({ ...query, limit, ...(before !== undefined && { before }) })}
    />
  );
}

function Cells({ instance }: { instance: TriggerInstance }) {
  const { id, trigger, status, payload, source, receivedAt } = instance;
  const search = route.useSearch();
  return (
    <>
      <td>
        <Status tone={INSTANCE_TONES[status]} label={inWords(status)} />
      </td>
      <td>
        <Link
          to="/history/events/$id"
          params={{ id }}
          search={search}
          className="row-title"
          aria-label={`${trigger} ${inWords(status)}`}
        >
          {trigger}
        </Link>
      </td>
      <td className="quiet mono table-wide">{JSON.stringify(payload).slice(0, 160)}</td>
      <td className="quiet table-wide">{source}</td>
      <td>
        <Moment at={receivedAt} />
      </td>
    </>
  );
}

function Filters() {
  const { queries } = useEngine();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (changed: Partial<EventSearch>) =>
    void navigate({ search: (kept) => ({ ...kept, ...changed }), replace: true });
  const types = useQuery(queries.triggerTypes()).data ?? [];
  return (
    <FilterBar
      search={search}
      onChange={change}
      onClear={isNarrowed(search) ? () => void navigate({ search: {} }) : undefined}
    >
      <StatusPick options={STATUSES} value={search.status} onChange={(status) => change({ status })} />
      <Pick
        name="Trigger"
        every="Every trigger"
        known={types.map(({ ref }) => ref)}
        value={search.trigger}
        onChange={(trigger) => change({ trigger })}
      />
      <PackPick value={search.pack} onChange={(pack) => change({ pack })} />
    </FilterBar>
  );
}

const STATUSES = [
  { value: 'processed', label: 'Processed' },
  { value: 'failed', label: 'Refused or failed' },
] as const;
