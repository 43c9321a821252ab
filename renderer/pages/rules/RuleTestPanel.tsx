import { Button, Group, Progress, Select, Stack } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { ResourceRef } from '../../../main/contract/refs.ts';
import type { RuleTestResult } from '../../../main/contract/rule-tests.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { TESTED_AT_ONCE } from '../../client/queries.ts';
import { FaultNote } from '../../ui/FaultNote.tsx';
import { Waiting } from '../../ui/Loaded.tsx';
import { Section } from '../../ui/Section.tsx';
import { OwnEvent } from './OwnEvent.tsx';
import { PERIODS, type Period, sinceOf, summaryOf } from './rule-test-summary.ts';
import { TestedEvents } from './TestedEvents.tsx';
import { useNewerResults } from './use-newer-results.ts';

type RuleTestPanelProps = {
  readonly yaml: string;
  readonly ruleRef: ResourceRef | undefined;
  readonly hasTrigger: boolean;
};

/** What the rule, as it is written now, would have made of events that came; nothing is run. */
export function RuleTestPanel({ yaml, ruleRef, hasTrigger }: RuleTestPanelProps) {
  const [period, setPeriod] = useState<Period>('last');
  const [chosen, setChosen] = useState(() => Date.now());
  const pick = (
    <Select
      aria-label="Which events"
      data={PERIODS.map(({ value, label }) => ({ value, label }))}
      value={period}
      allowDeselect={false}
      w={150}
      onChange={(value) => {
        setChosen(Date.now());
        if (value) setPeriod(value);
      }}
    />
  );
  return (
    <Section title="Against the history" side={hasTrigger && pick}>
      {hasTrigger ? (
        <Stack gap="md">
          <Tested key={period} yaml={yaml} ruleRef={ruleRef} since={sinceOf(period, chosen)} />
          <OwnEvent yaml={yaml} ruleRef={ruleRef} />
        </Stack>
      ) : (
        <p className="quiet">
          Once the rule has a trigger, this tells which past events it would have matched, and why.
        </p>
      )}
    </Section>
  );
}

type TestedProps = Pick<RuleTestPanelProps, 'yaml' | 'ruleRef'> & { readonly since: string | undefined };

/** A period is read to its end, page by page, unless somebody stops it. */
function Tested({ yaml, ruleRef, since }: TestedProps) {
  const { queries } = useEngine();
  const [stopped, setStopped] = useState(false);
  const test = useInfiniteQuery(queries.ruleTest({ yaml, ref: ruleRef, since }));
  const { hasNextPage, isFetching, isError, fetchNextPage } = test;
  const list = useRef<HTMLDivElement>(null);
  const { waiting, take } = useNewerResults({ yaml, ruleRef, since, data: test.data, list });
  const goesOn = since !== undefined && hasNextPage && !isError && !stopped;
  useEffect(() => {
    if (goesOn && !isFetching) void fetchNextPage();
  }, [goesOn, isFetching, fetchNextPage]);
  if (test.error) return <FaultNote error={test.error} />;
  if (!test.data) return <Waiting />;
  const read = test.data.pages.flatMap((page) => page.results);
  // The last so many stay so many when others come.
  const results = since === undefined ? read.slice(0, test.data.pages.length * TESTED_AT_ONCE) : read;
  return (
    <Stack gap="sm" aria-busy={isFetching}>
      <Summary results={results} />
      {goesOn && (
        <Group gap="sm" wrap="nowrap">
          <Progress value={100} animated size="sm" flex={1} aria-label="Looking further back" />
          <Button variant="default" leftSection={<IconPlayerStop size={14} />} onClick={() => setStopped(true)}>
            Stop
          </Button>
        </Group>
      )}
      <div ref={list}>
        <TestedEvents results={results} waiting={waiting} onTake={take} />
      </div>
      {!goesOn && hasNextPage && (
        <div>
          <Button variant="default" loading={isFetching} onClick={() => void fetchNextPage()}>
            Look further back
          </Button>
        </div>
      )}
    </Stack>
  );
}

function Summary({ results }: { results: readonly RuleTestResult[] }) {
  const { matched, total, added, lost, faults } = summaryOf(results);
  if (total === 0) return <p className="quiet">No such event has come in this time.</p>;
  return (
    <div role="status" aria-label="Result of the test">
      <p className="test-summary">
        Would have matched <b>{matched}</b> of {total} {total === 1 ? 'event' : 'events'}.
      </p>
      {added + lost > 0 && (
        <p className="quiet">
          Beside what it did then: {added} more, {lost} less.
        </p>
      )}
      {faults > 0 && <p className="test-fault">{faults} of them with a fault.</p>}
    </div>
  );
}
