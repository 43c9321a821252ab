import { Button, Group, SegmentedControl } from '@mantine/core';
import { useDeferredValue, useState } from 'react';
import type { RuleTestResult } from '../../../main/contract/rule-tests.ts';
import { isChange } from './rule-test-summary.ts';
import { TestedEvent } from './TestedEvent.tsx';

type Shown = 'all' | 'matched' | 'changed';

/** More than this makes a page that nobody reads. */
const MOST_SHOWN = 200;
const NONE: readonly RuleTestResult[] = [];

type TestedEventsProps = {
  readonly results: readonly RuleTestResult[];
  /** Events that have come since. */
  readonly waiting: number;
  readonly onTake: () => void;
};

/** One below the other, the newest first, with a way to see only some of them. */
export function TestedEvents({ results, waiting, onTake }: TestedEventsProps) {
  const [shown, setShown] = useState<Shown>('all');
  // After what they come to has been painted: that is read first.
  const drawn = useDeferredValue(results, NONE);
  if (drawn.length === 0) return null;
  const listed = drawn.filter((each) => shown === 'all' || (shown === 'matched' ? each.matched : isChange(each)));
  return (
    <>
      {/* Beside each other: what has come is told without moving what is read. */}
      <Group justify="space-between" gap="xs" mb={6}>
        <SegmentedControl<Shown>
          size="xs"
          aria-label="Which of them"
          value={shown}
          data={[
            { value: 'all', label: 'All' },
            { value: 'matched', label: 'Matched' },
            { value: 'changed', label: 'Changed' },
          ]}
          onChange={setShown}
        />
        {waiting > 0 && (
          <Button variant="light" onClick={onTake}>
            {waiting === 1 ? 'Show 1 new event' : `Show ${waiting} new events`}
          </Button>
        )}
      </Group>
      {listed.length === 0 ? (
        <p className="quiet">{shown === 'changed' ? 'None is judged otherwise than it was.' : 'None.'}</p>
      ) : (
        <ul className="list" aria-label="Tested events">
          {listed.slice(0, MOST_SHOWN).map((result) => (
            <li key={result.event?.id}>
              <TestedEvent result={result} />
            </li>
          ))}
        </ul>
      )}
      {listed.length > MOST_SHOWN && <p className="quiet">… and {listed.length - MOST_SHOWN} more.</p>}
    </>
  );
}
