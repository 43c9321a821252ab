import { Button, Collapse, Select, Stack } from '@mantine/core';
import { IconChevronDown, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { PackRef, ResourceRef } from '../../../main/contract/refs.ts';
import type { Settings } from '../../../main/contract/settings.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { NumberSetting } from '../../ui/NumberSetting.tsx';
import { inheritedLimits, inWords, isAction, LIMITS, limitsPatch, ownLimits, withOwnLimits } from './own-limits.ts';
import { useUpdate } from './use-update.ts';

type OwnLimitsListProps = { readonly settings: Settings; readonly of: string | undefined };

/** Packs and actions with limits of their own, each with its form; `of` is open from the start, with or without any. */
export function OwnLimitsList({ settings, of }: OwnLimitsListProps) {
  const [open, setOpen] = useState(of);
  const list = useRef<HTMLUListElement>(null);
  // Somebody was led here for these, and they stand below others.
  useEffect(() => {
    if (of !== undefined) list.current?.scrollIntoView({ block: 'center' });
  }, [of]);
  const limited = withOwnLimits(settings);
  const shown = open === undefined || limited.includes(open) ? limited : [...limited, open].sort();
  return (
    <Stack gap="sm">
      {shown.length > 0 && (
        <ul ref={list} className="list" aria-label="Limits of packs and actions">
          {shown.map((ref) => (
            <OwnLimitsRow
              key={ref}
              of={ref}
              settings={settings}
              opened={ref === open}
              onToggle={() => setOpen(ref === open ? undefined : ref)}
            />
          ))}
        </ul>
      )}
      <Add others={shown} onAdd={setOpen} />
    </Stack>
  );
}

type RowProps = {
  readonly of: string;
  readonly settings: Settings;
  readonly opened: boolean;
  readonly onToggle: () => void;
};

function OwnLimitsRow({ of, settings, opened, onToggle }: RowProps) {
  const update = useUpdate();
  const own = inWords(ownLimits(settings, of));
  return (
    <li data-testid={`limits-${of}`}>
      <div className="row">
        <div className="row-main">
          <Name of={of} />
          <div className="row-words">{own === '' ? 'What holds for all holds for it.' : own}</div>
        </div>
        <div className="row-side">
          <Button
            variant="subtle"
            color="gray"
            rightSection={<IconChevronDown size={14} />}
            aria-expanded={opened}
            aria-label={`Change the limits of ${of}`}
            onClick={onToggle}
          >
            Change
          </Button>
          {own !== '' && (
            <Button
              variant="default"
              leftSection={<IconX size={14} />}
              aria-label={`None of its own for ${of}`}
              onClick={() => update(limitsPatch(settings, of, {}))}
            >
              None of its own
            </Button>
          )}
        </div>
      </div>
      <Collapse expanded={opened}>
        <div className="row-more">{opened && <OwnLimitsForm of={of} settings={settings} />}</div>
      </Collapse>
    </li>
  );
}

function Name({ of }: { of: string }) {
  const action = isAction(of) ? ResourceRef.safeParse(of).data : undefined;
  const pack = PackRef.safeParse(of).data;
  if (action)
    return (
      <Link to="/actions/$ref" params={{ ref: action }} className="row-name">
        {of}
      </Link>
    );
  if (pack)
    return (
      <Link to="/packs/$ref" params={{ ref: pack }} className="row-name">
        {of}
      </Link>
    );
  return <span className="row-name">{of}</span>;
}

/** An empty field leaves what holds for its pack, or for all. */
function OwnLimitsForm({ of, settings }: { of: string; settings: Settings }) {
  const update = useUpdate();
  const own = ownLimits(settings, of);
  const inherited = inheritedLimits(settings, of);
  const save = (key: keyof typeof own) => (value: number | undefined) =>
    update(limitsPatch(settings, of, { ...own, [key]: value }));
  return (
    <div className="limit-fields">
      {!isAction(of) && (
        <NumberSetting
          key={`concurrency ${own.concurrency}`}
          label="Its actions running at one time"
          description="Empty: as many as there is room for"
          min={1}
          max={256}
          value={own.concurrency}
          inherited="no limit of its own"
          onSave={save('concurrency')}
        />
      )}
      {LIMITS.map(({ key, label, min }) => (
        <NumberSetting
          key={`${key} ${own[key]}`}
          label={label}
          description={`Empty: ${inherited[key] === 0 ? 'no limit' : inherited[key]}${min === 0 ? '; 0: no limit' : ''}`}
          min={min}
          max={1_000_000}
          value={own[key]}
          inherited={inherited[key] === 0 ? 'no limit' : String(inherited[key])}
          onSave={save(key)}
        />
      ))}
    </div>
  );
}

type AddProps = { readonly others: readonly string[]; readonly onAdd: (ref: string) => void };

function Add({ others, onAdd }: AddProps) {
  const { queries } = useEngine();
  const packs = useQuery(queries.packs()).data ?? [];
  const actions = useQuery(queries.actions()).data ?? [];
  const isNew = (ref: string) => !others.includes(ref);
  return (
    <Select
      label="Limits for another pack or action"
      placeholder="Search packs and Python actions"
      searchable
      limit={50}
      value={null}
      data={[
        { group: 'Packs', items: packs.map(({ ref }) => ref as string).filter(isNew) },
        {
          group: 'Actions',
          items: actions
            .filter(({ runner }) => runner === 'python-script')
            .map(({ ref }) => ref as string)
            .filter(isNew),
        },
      ]}
      onChange={(ref) => ref && onAdd(ref)}
    />
  );
}
