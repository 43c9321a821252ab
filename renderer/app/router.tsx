import { createHashHistory, createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { PackRef, ResourceRef } from '../../main/contract/refs.ts';
import { ActionPage } from '../pages/actions/ActionPage.tsx';
import { ActionsPage } from '../pages/actions/ActionsPage.tsx';
import { DatastorePage } from '../pages/datastore/DatastorePage.tsx';
import { DatastoreSearch } from '../pages/datastore/datastore-search.ts';
import { EventPanel } from '../pages/history/EventPanel.tsx';
import { EventsPage } from '../pages/history/EventsPage.tsx';
import { ExecutionPanel } from '../pages/history/ExecutionPanel.tsx';
import { ExecutionsPage } from '../pages/history/ExecutionsPage.tsx';
import { EventSearch, ExecutionSearch } from '../pages/history/history-search.ts';
import { TracePage } from '../pages/history/TracePage.tsx';
import { HomePage } from '../pages/home/HomePage.tsx';
import { InquiriesPage } from '../pages/inquiries/InquiriesPage.tsx';
import { LogsPage } from '../pages/logs/LogsPage.tsx';
import { LogSearch } from '../pages/logs/log-search.ts';
import { PackPage } from '../pages/packs/PackPage.tsx';
import { PacksPage } from '../pages/packs/PacksPage.tsx';
import { RulesSearch } from '../pages/rules/find-rules.ts';
import { NewRulePage } from '../pages/rules/NewRulePage.tsx';
import { RulePage } from '../pages/rules/RulePage.tsx';
import { RulesPage } from '../pages/rules/RulesPage.tsx';
import { SettingsPage } from '../pages/settings/SettingsPage.tsx';
import { SettingsSearch } from '../pages/settings/settings-search.ts';
import { Lost } from './Lost.tsx';
import { Shell } from './Shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: () => <Lost /> });

const home = createRoute({ getParentRoute: () => root, path: '/', component: HomePage });

const packs = createRoute({ getParentRoute: () => root, path: '/packs', component: PacksPage });
const pack = createRoute({
  getParentRoute: () => root,
  path: '/packs/$ref',
  params: { parse: ({ ref }) => ({ ref: PackRef.parse(ref) }), stringify: ({ ref }) => ({ ref }) },
  component: function PackRoute() {
    const { ref } = pack.useParams();
    return <PackPage key={ref} packRef={ref} />;
  },
});

const rules = createRoute({
  getParentRoute: () => root,
  path: '/rules',
  validateSearch: (search: Record<string, unknown>) => RulesSearch.parse(search),
  component: RulesPage,
});
const newRule = createRoute({
  getParentRoute: () => root,
  path: '/rules/new',
  validateSearch: (search: Record<string, unknown>) => ({
    ...textIn(search, 'trigger'),
    ...textIn(search, 'action'),
    ...textIn(search, 'copy'),
  }),
  component: function NewRuleRoute() {
    const search = newRule.useSearch();
    return <NewRulePage key={JSON.stringify(search)} {...search} />;
  },
});
const rule = createRoute({
  getParentRoute: () => root,
  path: '/rules/$ref',
  params: { parse: ({ ref }) => ({ ref: ResourceRef.parse(ref) }), stringify: ({ ref }) => ({ ref }) },
  component: function RuleRoute() {
    const { ref } = rule.useParams();
    return <RulePage key={ref} ruleRef={ref} />;
  },
});

const actions = createRoute({ getParentRoute: () => root, path: '/actions', component: ActionsPage });
const action = createRoute({
  getParentRoute: () => root,
  path: '/actions/$ref',
  params: { parse: ({ ref }) => ({ ref: ResourceRef.parse(ref) }), stringify: ({ ref }) => ({ ref }) },
  /** The execution whose parameters the form begins with. */
  validateSearch: (search: Record<string, unknown>) => textIn(search, 'from'),
  component: function ActionRoute() {
    const { ref } = action.useParams();
    const { from } = action.useSearch();
    return <ActionPage key={`${ref} ${from}`} actionRef={ref} from={from} />;
  },
});

const inquiries = createRoute({ getParentRoute: () => root, path: '/inquiries', component: InquiriesPage });

const history = createRoute({
  getParentRoute: () => root,
  path: '/history',
  beforeLoad: () => {
    throw redirect({ to: '/history/executions' });
  },
});
const executions = createRoute({
  getParentRoute: () => root,
  path: '/history/executions',
  validateSearch: (search: Record<string, unknown>) => ExecutionSearch.parse(search),
  component: ExecutionsPage,
});
const execution = createRoute({
  getParentRoute: () => executions,
  path: '$id',
  component: function ExecutionRoute() {
    const { id } = execution.useParams();
    return <ExecutionPanel key={id} id={id} />;
  },
});
const events = createRoute({
  getParentRoute: () => root,
  path: '/history/events',
  validateSearch: (search: Record<string, unknown>) => EventSearch.parse(search),
  component: EventsPage,
});
const triggerInstance = createRoute({
  getParentRoute: () => events,
  path: '$id',
  component: function EventRoute() {
    const { id } = triggerInstance.useParams();
    return <EventPanel key={id} id={id} />;
  },
});

const trace = createRoute({
  getParentRoute: () => root,
  path: '/history/trace/$id',
  /** The part of it that is shown in detail. */
  validateSearch: (search: Record<string, unknown>) => textIn(search, 'of'),
  component: function TraceRoute() {
    const { id } = trace.useParams();
    return <TracePage key={id} id={id} of={trace.useSearch().of} />;
  },
});

const datastore = createRoute({
  getParentRoute: () => root,
  path: '/datastore',
  validateSearch: (search: Record<string, unknown>) => DatastoreSearch.parse(search),
  component: DatastorePage,
});
const logs = createRoute({
  getParentRoute: () => root,
  path: '/logs',
  validateSearch: (search: Record<string, unknown>) => LogSearch.parse(search),
  component: function LogsRoute() {
    return <LogsPage key={logs.useSearch().sensor} />;
  },
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  validateSearch: (search: Record<string, unknown>) => SettingsSearch.parse(search),
  component: SettingsPage,
});

const routeTree = root.addChildren([
  home,
  packs,
  pack,
  rules,
  newRule,
  rule,
  actions,
  action,
  inquiries,
  history,
  executions.addChildren([execution]),
  events.addChildren([triggerInstance]),
  trace,
  datastore,
  logs,
  settings,
]);

/** Addresses live after the `#`, so that they mean the same under `app://` and under `http://`. */
export function createWindowRouter() {
  return createRouter({
    routeTree,
    history: createHashHistory(),
    defaultPreload: false,
    scrollRestoration: true,
    defaultErrorComponent: ({ error }) => <Lost error={error} />,
  });
}

function textIn<K extends string>(search: Record<string, unknown>, key: K): { [key in K]?: string } {
  const value = search[key];
  return (typeof value === 'string' ? { [key]: value } : {}) as { [key in K]?: string };
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createWindowRouter>;
  }
}
