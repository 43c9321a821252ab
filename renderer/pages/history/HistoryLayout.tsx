import { Tabs } from '@mantine/core';
import { Outlet, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PageHeader } from '../../ui/PageHeader.tsx';

type HistoryLayoutProps = {
  tab: 'executions' | 'events';
  filters: ReactNode;
  actions: ReactNode;
  children: ReactNode;
};

/** Two lists of what happened, each with the detail of one row beside it. */
export function HistoryLayout({ tab, filters, actions, children }: HistoryLayoutProps) {
  const navigate = useNavigate();
  return (
    <div className="page" data-wide="true">
      <PageHeader title="History">{actions}</PageHeader>
      <Tabs
        value={tab}
        onChange={(value) => void navigate({ to: value === 'events' ? '/history/events' : '/history/executions' })}
        className="history-tabs"
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="executions">Executions</Tabs.Tab>
          <Tabs.Tab value="events">Events</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value={tab} className="history">
          <div className="history-list">
            {filters}
            {children}
          </div>
          <Outlet />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
