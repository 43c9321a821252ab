import { SegmentedControl, Select } from '@mantine/core';
import { IconAccessPoint } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { TriggerInstance } from '../../../main/contract/triggers.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { FaultNote } from '../../ui/FaultNote.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Status } from '../../ui/Status.tsx';
import { INSTANCE_TONES, inWords } from '../../ui/status-tones.ts';
import { HistoryLayout } from './HistoryLayout.tsx';
import { HistoryTable } from './HistoryTable.tsx';
import { instanceQuery } from './history-search.ts';

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
  const isFiltered = search.status !== undefined || search.trigger !== undefined;
  return (
    <HistoryLayout tab="events" filters={<Filters />}>
      {list.error && <FaultNote error={list.error} />}
      <HistoryTable
        kind="events"
        label="Events"
        head={HEAD}
        rows={list.data?.pages.flatMap((page) => page.items)}
        more={list.hasNextPage && !list.isFetching}
        onMore={list.fetchNextPage}
        empty={
          <Empty icon={<IconAccessPoint size={28} />} title={isFiltered ? 'Nothing matches' : 'No event has come yet'}>
            {isFiltered
              ? 'No event is of this status and trigger.'
              : 'Events come from the sensors of packs: install one, or send an event with `stormlet trigger emit`.'}
          </Empty>
        }
        cells={(instance) => <Cells instance={instance} />}
      />
    </HistoryLayout>
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
  const { status, trigger } = route.useSearch();
  const navigate = route.useNavigate();
  const known = new Set<string>((useQuery(queries.triggerTypes()).data ?? []).map(({ ref }) => ref));
  if (trigger) known.add(trigger);
  return (
    <>
      <Select
        aria-label="Trigger"
        placeholder="Every trigger"
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Every trigger' }}
        data={[...known].sort()}
        value={trigger ?? null}
        onChange={(ref) => void navigate({ search: (kept) => ({ ...kept, trigger: ref ?? undefined }) })}
      />
      <SegmentedControl
        size="xs"
        aria-label="Status"
        value={status ?? 'all'}
        data={[
          { value: 'all', label: 'All' },
          { value: 'processed', label: 'Processed' },
          { value: 'failed', label: 'Refused or failed' },
        ]}
        onChange={(value) =>
          void navigate({ search: (kept) => ({ ...kept, status: value === 'all' ? undefined : value }) })
        }
      />
    </>
  );
}
