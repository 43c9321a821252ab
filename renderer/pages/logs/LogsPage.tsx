import { SegmentedControl, Select, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { ResourceRef } from '../../../main/contract/refs.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { AnsiLine } from '../../ui/AnsiLine.tsx';
import { readAnsi } from '../../ui/ansi.ts';
import { Loaded } from '../../ui/Loaded.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { LOG_TONES } from '../../ui/status-tones.ts';
import { LogList } from './LogList.tsx';
import { findLines, type LogSearch, sensorLine } from './log-search.ts';

const route = getRouteApi('/logs');
const ENGINE = 'engine';

/** What the engine says of its work, or what a sensor prints, as it comes. */
export function LogsPage() {
  const { sensor } = route.useSearch();
  const ref = ResourceRef.safeParse(sensor);
  return (
    <div className="page" data-wide="true">
      <PageHeader title="Logs" />
      <Filters />
      {ref.success ? <SensorLog sensor={ref.data} /> : <EngineLog />}
    </div>
  );
}

function Filters() {
  const { queries } = useEngine();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (changed: Partial<LogSearch>) =>
    void navigate({ search: (kept) => ({ ...kept, ...changed }), replace: true });
  const sensors = useQuery(queries.sensors()).data ?? [];
  const lines = useQuery(queries.log()).data ?? [];
  const scopes = [...new Set(lines.map(({ scope }) => scope))].filter(Boolean).sort();
  return (
    <search className="filters" aria-label="Filters">
      <TextInput
        className="filter-text"
        aria-label="Text in it"
        placeholder="Text in it"
        leftSection={<IconSearch size={14} />}
        value={search.text ?? ''}
        onChange={({ currentTarget: { value } }) => change({ text: value || undefined })}
      />
      <Select
        aria-label="Whose log"
        data={[
          { value: ENGINE, label: 'Stormlet itself' },
          { group: 'Sensors', items: sensors.map(({ ref }) => ref as string) },
        ]}
        value={search.sensor ?? ENGINE}
        allowDeselect={false}
        onChange={(value) => change({ sensor: value === ENGINE ? undefined : (value ?? undefined) })}
      />
      {search.sensor === undefined && (
        <>
          <SegmentedControl
            size="xs"
            aria-label="Level"
            value={search.level ?? 'info'}
            data={[
              { value: 'info', label: 'All' },
              { value: 'warn', label: 'Warnings' },
              { value: 'error', label: 'Errors' },
            ]}
            onChange={(value) => change({ level: value === 'warn' || value === 'error' ? value : undefined })}
          />
          <Select
            className="filter-pick"
            aria-label="Stage"
            placeholder="Every stage"
            clearable
            clearButtonProps={{ 'aria-label': 'Every stage' }}
            data={scopes}
            value={search.scope ?? null}
            onChange={(scope) => change({ scope: scope ?? undefined })}
          />
        </>
      )}
    </search>
  );
}

function EngineLog() {
  const { queries } = useEngine();
  const search = route.useSearch();
  return (
    <Loaded query={useQuery(queries.log())}>
      {(lines) => (
        <LogList label="Log of Stormlet" empty="Nothing of this was said." lines={findLines(lines, search)}>
          {({ at, level, scope, text }) => (
            <>
              <span className="log-at">{clock(at)}</span>
              <span className="log-level" data-tone={LOG_TONES[level]}>
                {level}
              </span>
              <span className="log-scope">{scope}</span>
              <span className="log-text">{text}</span>
            </>
          )}
        </LogList>
      )}
    </Loaded>
  );
}

function SensorLog({ sensor }: { sensor: ResourceRef }) {
  const { queries } = useEngine();
  const { text: words = '' } = route.useSearch();
  return (
    <Loaded query={useQuery(queries.sensorLog(sensor))}>
      {(lines) => (
        <LogList
          label={`Output of ${sensor}`}
          empty="It has printed nothing of this."
          lines={lines.filter((line) => line.toLowerCase().includes(words.toLowerCase())).map(sensorLine)}
        >
          {({ at, text }) => (
            <>
              <span className="log-at">{at && clock(at)}</span>
              <span className="log-text">
                <AnsiLine spans={readAnsi(text).spans} />
              </span>
            </>
          )}
        </LogList>
      )}
    </Loaded>
  );
}

/** To the millisecond: that is what a log is read for. */
function clock(instant: string): string {
  const at = new Date(instant);
  return `${at.toLocaleTimeString(undefined, { hour12: false })}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}
