import { Button, CopyButton } from '@mantine/core';
import { IconClipboard } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Section } from '../../ui/Section.tsx';
import { DoctorPanel } from './DoctorPanel.tsx';
import { diagnosticsText } from './diagnostics-text.ts';

/** What helps when something does not work. */
export function Diagnostics() {
  return (
    <>
      <DoctorPanel />
      <Folders />
      <Report />
    </>
  );
}

function Folders() {
  const { queries } = useEngine();
  const status = useQuery(queries.status()).data;
  if (!status) return null;
  const { folders, busUrl, host, version } = status;
  return (
    <Section title="Where things are">
      <dl className="facts card">
        <dt>Settings</dt>
        <dd className="mono">{folders.config}</dd>
        <dt>Your rules</dt>
        <dd className="mono">{folders.rules}</dd>
        <dt>Packs</dt>
        <dd className="mono">{folders.packs}</dd>
        <dt>Data</dt>
        <dd className="mono">{folders.data}</dd>
        <dt>MQTT broker</dt>
        <dd className="mono">{busUrl}</dd>
        <dt>Version</dt>
        <dd>
          {version}, {host === 'desktop' ? 'desktop app' : 'without a desktop'}
        </dd>
      </dl>
    </Section>
  );
}

/** To be read before it is passed on: it holds names of packs and rules, and no values. */
function Report() {
  const { queries } = useEngine();
  const text = diagnosticsText({
    status: useQuery(queries.status()).data,
    checks: useQuery(queries.doctor()).data ?? [],
    packs: useQuery(queries.packs()).data ?? [],
    sensors: useQuery(queries.sensors()).data ?? [],
    rules: useQuery(queries.rules()).data ?? [],
    log: useQuery(queries.log()).data ?? [],
    browser: navigator.userAgent,
  });
  const copy = (
    <CopyButton value={text}>
      {({ copied, copy: run }) => (
        <Button variant="default" leftSection={<IconClipboard size={14} />} onClick={run}>
          {copied ? 'Copied' : 'Copy the report'}
        </Button>
      )}
    </CopyButton>
  );
  return (
    <Section title="A report to pass on" side={copy}>
      <section
        className="data mono"
        aria-label="Report"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard.
        tabIndex={0}
      >
        {text}
      </section>
    </Section>
  );
}
