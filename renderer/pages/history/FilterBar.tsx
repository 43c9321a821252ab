import { Button, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconFilterOff, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useEngine } from '../../client/EngineProvider.tsx';
import { TimeRange } from './TimeRange.tsx';

type Common = {
  readonly text?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
};

type FilterBarProps<S extends Common> = {
  readonly search: S;
  readonly onChange: (change: Partial<S>) => void;
  readonly onClear: (() => void) | undefined;
  readonly children: ReactNode;
};

/** What narrows a list of the history; all of it is in the address. */
export function FilterBar<S extends Common>({ search, onChange, onClear, children }: FilterBarProps<S>) {
  return (
    <search className="filters" aria-label="Filters">
      <TextFilter key={search.text === undefined ? 'none' : 'some'} search={search} onChange={onChange} />
      {children}
      <TimeRange range={search} onChange={(range) => onChange(range as Partial<S>)} />
      {onClear && (
        <Button variant="subtle" color="gray" leftSection={<IconFilterOff size={14} />} onClick={onClear}>
          Clear
        </Button>
      )}
    </search>
  );
}

const PAUSE_MS = 250;

/** Typed text goes into the address when the typing pauses. */
function TextFilter<S extends Common>({ search, onChange }: Pick<FilterBarProps<S>, 'search' | 'onChange'>) {
  const [typed, setTyped] = useState(search.text ?? '');
  const settle = useDebouncedCallback((text: string) => onChange({ text: text || undefined } as Partial<S>), PAUSE_MS);
  return (
    <TextInput
      className="filter-text"
      aria-label="Text in it"
      placeholder="Text in it"
      leftSection={<IconSearch size={14} />}
      value={typed}
      onChange={({ currentTarget: { value } }) => {
        setTyped(value);
        settle(value);
      }}
    />
  );
}

type PickProps = {
  readonly name: string;
  readonly every: string;
  readonly known: readonly string[];
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
};

/** One of many; what the address names is offered although nothing of that name is installed any more. */
export function Pick({ name, every, known, value, onChange }: PickProps) {
  const names = new Set(known);
  if (value) names.add(value);
  return (
    <Select
      className="filter-pick"
      aria-label={name}
      placeholder={every}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': every }}
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      data={[...names].sort()}
      value={value ?? null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
    />
  );
}

export function PackPick(props: Omit<PickProps, 'name' | 'every' | 'known'>) {
  const { queries } = useEngine();
  const packs = useQuery(queries.packs()).data ?? [];
  return <Pick name="Pack" every="Every pack" known={packs.map(({ ref }) => ref)} {...props} />;
}

type StatusPickProps<V extends string> = {
  readonly options: readonly { readonly value: V; readonly label: string }[];
  readonly value: V | undefined;
  readonly onChange: (value: V | undefined) => void;
};

export function StatusPick<V extends string>({ options, value, onChange }: StatusPickProps<V>) {
  return (
    <SegmentedControl<V | 'all'>
      size="xs"
      aria-label="Status"
      value={value ?? 'all'}
      data={[{ value: 'all', label: 'All' }, ...options]}
      onChange={(chosen) => onChange(chosen === 'all' ? undefined : chosen)}
    />
  );
}
