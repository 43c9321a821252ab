import { Button, Group } from '@mantine/core';
import { IconArrowRight, IconSparkles } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useEngine } from '../../client/EngineProvider.tsx';
import { useRun } from '../../client/use-execution.ts';
import { ExecutionOutput } from '../../ui/ExecutionOutput.tsx';
import { ExecutionSteps, Step } from '../../ui/ExecutionSteps.tsx';
import { FaultNote } from '../../ui/FaultNote.tsx';
import { answerTo, areListening, DEMO_PACK, type Tour, tourSteps } from './first-run.ts';

/** The guided minute: installs the example pack, fires its event, and shows what comes of it. */
export function FirstRun({ onBegin }: { onBegin: () => void }) {
  const install = useRun('packs.install');
  const drop = useRun(`${DEMO_PACK}.drop_file`);
  const tour = useTour(install.execution, drop.execution);
  const isListening = areListening(tour);
  const dropFile = drop.start;
  const hasDropped = drop.busy || drop.execution !== undefined || drop.fault !== undefined;
  useEffect(() => {
    if (isListening && !hasDropped) dropFile({});
  }, [isListening, hasDropped, dropFile]);
  const begin = () => {
    onBegin();
    drop.forget();
    install.start({ packs: [DEMO_PACK] });
  };
  const failed = [install.execution, drop.execution, tour.answer].find((execution) => execution?.fault)?.fault;
  const fault = install.fault ?? drop.fault ?? failed;
  return (
    <section className="welcome" aria-label="First steps">
      <h2>Welcome to Stormlet</h2>
      <p>
        Packs bring sensors that watch things and actions that do things; rules connect them. See it work once: this
        installs a small example pack and fires its event.
      </p>
      {install.execution || install.busy ? <TourProgress tour={tour} /> : <Path />}
      {fault && <FaultNote error={fault} />}
      <Group mt="md" gap="sm">
        {(!install.execution || install.execution.fault || install.fault) && (
          <Button size="sm" leftSection={<IconSparkles size={16} />} loading={install.busy} onClick={begin}>
            Install the example pack and fire its event
          </Button>
        )}
        {hasDropped && isListening && (
          <Button variant="default" loading={drop.busy} onClick={() => drop.start({})}>
            Drop another file
          </Button>
        )}
        {tour.notice && tour.answer && (
          <>
            <Link to="/history/executions/$id" params={{ id: tour.answer.id }}>
              See what it did
            </Link>
            <Link to="/rules/new">Make a rule of your own</Link>
          </>
        )}
      </Group>
    </section>
  );
}

function useTour(install: Tour['install'], drop: Tour['drop']): Tour {
  const { queries } = useEngine();
  const sensors = useQuery(queries.sensors()).data ?? [];
  const executions = useInfiniteQuery(queries.executions()).data?.pages.flatMap((page) => page.items) ?? [];
  const notices = useQuery(queries.notices()).data ?? [];
  const answer = answerTo(drop, executions);
  return {
    install,
    drop,
    sensors: sensors.filter(({ pack }) => pack === DEMO_PACK),
    answer,
    notice: answer && notices.find(({ execution }) => execution === answer.id),
  };
}

function Path() {
  return (
    <div className="welcome-path">
      {['a sensor sees something', 'an event', 'a rule', 'an action', 'a notice'].map((word, index) => (
        <span key={word} className="welcome-word">
          {index > 0 && <IconArrowRight size={14} aria-hidden />}
          <span className="chip">{word}</span>
        </span>
      ))}
    </div>
  );
}

function TourProgress({ tour }: { tour: Tour }) {
  const { install, notice } = tour;
  return (
    <ol className="steps" aria-label="First steps">
      {tourSteps(tour).map((step) => (
        <Step key={step.id} {...step}>
          {step.id === 'install' && install && step.state !== 'done' && (
            <>
              <ExecutionSteps steps={install.steps} />
              <ExecutionOutput execution={install} />
            </>
          )}
          {step.id === 'notice' && notice && (
            <div className="quiet">
              “{notice.title}” {notice.body}
            </div>
          )}
        </Step>
      ))}
    </ol>
  );
}
