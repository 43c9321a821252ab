import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Settings } from '../../../main/contract/settings.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ActionSettings } from './ActionSettings.tsx';
import { ApiSettings } from './ApiSettings.tsx';
import { BackupSettings } from './BackupSettings.tsx';
import { BusSettings } from './BusSettings.tsx';
import { DesktopSettings } from './DesktopSettings.tsx';
import { Diagnostics } from './Diagnostics.tsx';
import { EditorSettings } from './EditorSettings.tsx';
import { EventSettings } from './EventSettings.tsx';
import { LimitSettings } from './LimitSettings.tsx';
import { NotificationSettings } from './NotificationSettings.tsx';
import { PackSettings } from './PackSettings.tsx';
import { PythonSettings } from './PythonSettings.tsx';
import { SETTINGS_SECTIONS, type SettingsSection } from './settings-search.ts';

const route = getRouteApi('/settings');

/** All settings, in sections; which one is in the address. */
export function SettingsPage() {
  const { queries } = useEngine();
  const { section = 'notifications', of } = route.useSearch();
  const navigate = route.useNavigate();
  const settings = useQuery(queries.settings());
  const status = useQuery(queries.status()).data;
  const sections = SETTINGS_SECTIONS.filter(({ value }) => value !== 'desktop' || status?.host === 'desktop');
  return (
    <div className="page">
      <PageHeader title="Settings" description="Changes take effect at once." />
      <Tabs
        value={section}
        keepMounted={false}
        onChange={(value) => void navigate({ search: { section: sectionOf(value) } })}
      >
        <Tabs.List mb="md" className="settings-tabs">
          {sections.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Loaded query={settings}>
          {(current) =>
            sections.map(({ value }) => (
              <Tabs.Panel key={value} value={value}>
                {contentOf(value, current, of)}
              </Tabs.Panel>
            ))
          }
        </Loaded>
      </Tabs>
    </div>
  );
}

function sectionOf(value: string | null): SettingsSection {
  return SETTINGS_SECTIONS.find((section) => section.value === value)?.value ?? 'notifications';
}

function contentOf(section: SettingsSection, settings: Settings, of: string | undefined): ReactNode {
  switch (section) {
    case 'notifications':
      return <NotificationSettings notifications={settings.notifications} />;
    case 'actions':
      return <ActionSettings settings={settings} />;
    case 'limits':
      return <LimitSettings settings={settings} of={of} />;
    case 'python':
      return <PythonSettings python={settings.python} />;
    case 'events':
      return <EventSettings settings={settings} />;
    case 'bus':
      return <BusSettings />;
    case 'api':
      return <ApiSettings api={settings.api} />;
    case 'packs':
      return <PackSettings packs={settings.packs} />;
    case 'editor':
      return <EditorSettings editor={settings.editor} />;
    case 'desktop':
      return <DesktopSettings desktop={settings.desktop} />;
    case 'backup':
      return <BackupSettings />;
    case 'diagnostics':
      return <Diagnostics />;
  }
}
