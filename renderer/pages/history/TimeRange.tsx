import { Button, Menu, Popover, Stack, TextInput } from '@mantine/core';
import { IconClock } from '@tabler/icons-react';
import { useState } from 'react';
import { dateWithTime } from '../../ui/times.ts';

type Range = { readonly since?: string | undefined; readonly until?: string | undefined };
type TimeRangeProps = { readonly range: Range; readonly onChange: (range: Range) => void };

const MINUTE_MS = 60_000;
const RECENT = [
  { label: 'Last 15 minutes', ms: 15 * MINUTE_MS },
  { label: 'Last hour', ms: 60 * MINUTE_MS },
  { label: 'Last 24 hours', ms: 24 * 60 * MINUTE_MS },
  { label: 'Last 7 days', ms: 7 * 24 * 60 * MINUTE_MS },
] as const;

/** Since when, and until when: instants, so that an address means the same tomorrow. */
export function TimeRange({ range, onChange }: TimeRangeProps) {
  const [isExact, setExact] = useState(false);
  return (
    <Popover opened={isExact} onChange={setExact} position="bottom-end" trapFocus withRoles={false}>
      <Popover.Target>
        <span>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="default" leftSection={<IconClock size={14} />} aria-label={`Time: ${inWords(range)}`}>
                {inWords(range)}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => onChange({ since: undefined, until: undefined })}>Any time</Menu.Item>
              {RECENT.map(({ label, ms }) => (
                <Menu.Item
                  key={label}
                  onClick={() => onChange({ since: new Date(Date.now() - ms).toISOString(), until: undefined })}
                >
                  {label}
                </Menu.Item>
              ))}
              <Menu.Divider />
              <Menu.Item onClick={() => setExact(true)}>From … to …</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </span>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label="From … to …">
        <Stack gap="xs">
          <Instant label="From" value={range.since} onChange={(since) => onChange({ since, until: range.until })} />
          <Instant label="To" value={range.until} onChange={(until) => onChange({ since: range.since, until })} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

type InstantProps = {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
};

function Instant({ label, value, onChange }: InstantProps) {
  return (
    <TextInput
      type="datetime-local"
      label={label}
      defaultValue={value === undefined ? '' : localInput(value)}
      onChange={({ currentTarget }) => {
        const at = new Date(currentTarget.value);
        onChange(Number.isNaN(at.getTime()) ? undefined : at.toISOString());
      }}
    />
  );
}

/** As the input takes it: local time without a zone. */
function localInput(instant: string): string {
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16);
}

function inWords({ since, until }: Range): string {
  if (since && until) return `${dateWithTime(since)} to ${dateWithTime(until)}`;
  if (since) return `Since ${dateWithTime(since)}`;
  return until ? `Until ${dateWithTime(until)}` : 'Any time';
}
