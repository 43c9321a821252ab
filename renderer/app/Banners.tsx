import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlugConnectedX } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEngine } from '../client/EngineProvider.tsx';

/** What holds for the whole window: no engine, or a paused one. */
export function Banners() {
  const { queries, state } = useEngine();
  const status = useQuery(queries.status()).data;
  if (state === 'disconnected') return <OfflineBanner />;
  return status?.paused ? <PausedBanner until={status.pausedUntil} /> : null;
}

function OfflineBanner() {
  const { connection } = useEngine();
  return (
    <div className="banner" data-tone="bad" role="alert">
      <IconPlugConnectedX size={17} aria-hidden />
      <span>
        <strong>Stormlet can't be reached.</strong> What you see may be out of date. This page connects again by itself.
      </span>
      <Button className="banner-side" variant="default" onClick={() => connection.retryNow()}>
        Try now
      </Button>
    </div>
  );
}

function PausedBanner({ until }: { until: string | undefined }) {
  const { client } = useEngine();
  const resume = useMutation({ mutationFn: () => client.engine.setPaused({ paused: false }) });
  return (
    <div className="banner" role="status">
      <IconPlayerPause size={17} aria-hidden />
      <span>
        <strong>{until === undefined ? 'Paused.' : `Paused until ${dayAndTime(until)}.`}</strong> Events are recorded;
        rules are asked {until === undefined ? 'when you resume' : 'then'}. This also holds after a restart.
      </span>
      <Button className="banner-side" variant="default" loading={resume.isPending} onClick={() => resume.mutate()}>
        Resume
      </Button>
    </div>
  );
}

function dayAndTime(instant: string): string {
  return new Date(instant).toLocaleString(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' });
}
