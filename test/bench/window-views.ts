/**
 * What somebody looks at, each from a page that was just opened. All in the page's own language: `click` names what is
 * clicked, `shows` is true once the rows are there.
 */
export type View = {
  readonly name: string;
  readonly from: string;
  /** Clicked before, and not counted: the opening of a list of choices. */
  readonly opens?: string;
  readonly click: string;
  readonly shows: string;
};

const rail = (title: string) => `nav a[title="${title}"]`;
const there = (...selectors: string[]) =>
  selectors.map((each) => `document.querySelector(${quote(each)})`).join(' && ');
const at = (route: string) => `location.hash.includes(${quote(route)})`;
const fresh = (table: string) => there(`table[aria-label="${table}"][aria-busy="false"] tbody a`);
const heading = (title: string) => `document.querySelector('h1')?.textContent === ${quote(title)}`;

const PAGES: readonly View[] = [
  { name: 'Home', click: rail('Home'), shows: there('ul[aria-label="What happened last"] li', '.figures') },
  { name: 'Packs', click: rail('Packs'), shows: there('ul[aria-label="Packs"] li') },
  { name: 'Rules', click: rail('Rules'), shows: there('ul[aria-label="Rules"] li') },
  { name: 'Actions', click: rail('Actions'), shows: there('ul[aria-label="Actions"] li') },
  { name: 'Questions', click: rail('Questions'), shows: `${heading('Questions')} && ${there('.empty')}` },
  { name: 'History: executions', click: rail('History'), shows: fresh('Executions') },
  { name: 'Datastore', click: rail('Datastore'), shows: `${heading('Datastore')} && ${there('.empty, .keys')}` },
  { name: 'Logs', click: rail('Logs'), shows: there('.log-line') },
].map((view) => ({ ...view, from: '/settings' }));

const DETAILS: readonly View[] = [
  { name: 'Settings', from: '/', click: rail('Settings'), shows: there('section[aria-label="Quiet hours"]') },
  { name: 'A pack', from: '/packs', click: 'a[href$="/packs/small7"]', shows: heading('small7') },
  {
    name: 'A rule, tried on 50 events',
    from: '/rules',
    click: 'a[href$="/rules/small0.on_event"]',
    shows: there('[aria-label="Result of the test"]', '.rule-columns form'),
  },
  { name: 'An action', from: '/actions', click: 'a[href$="/actions/core.echo"]', shows: heading('echo') },
  {
    name: 'An execution',
    from: '/history/executions',
    click: 'table[aria-label="Executions"] tbody tr:nth-child(3) a',
    shows: there('aside [aria-label="State of the execution"]', 'aside [aria-label="Output"]'),
  },
  {
    name: 'An event',
    from: '/history/events',
    click: 'table[aria-label="Events"] tbody tr:nth-child(3) a',
    shows: there('aside [aria-label="Payload value"]'),
  },
  {
    name: 'A trace',
    from: '/history/events/event-99000',
    click: 'aside a[href*="/trace/"]',
    shows: there('ol[aria-label="What followed"] li', '.trace-detail [aria-label="Payload value"]'),
  },
  { name: 'History: events', from: '/history/executions', click: tab('Events'), shows: fresh('Events') },
];

const FILTERS: readonly View[] = [
  executions('status failed', { click: 'input[type="radio"][value="failed"]' }, 'status=failed'),
  executions('nothing runs', { click: 'input[type="radio"][value="open"]' }, 'status=open', 'Nothing matches'),
  executions('an action', pick('Action', 'small7.two'), 'action=small7.two'),
  executions('a rule', pick('Rule', 'small7.on_event'), 'rule=small7.on_event'),
  executions('a pack', pick('Pack', 'small7'), 'pack=small7'),
  executions('the last 24 hours', recent('Last 24 hours'), 'since='),
  events('refused or failed', { click: 'input[type="radio"][value="failed"]' }, 'status=failed', 'Nothing matches'),
  events('a trigger', pick('Trigger', 'small7.event'), 'trigger=small7.event'),
  events('a pack', pick('Pack', 'small7'), 'pack=small7'),
  events('the last 24 hours', recent('Last 24 hours'), 'since='),
];

const BAR: readonly View[] = [
  { name: 'Command bar', from: '/settings', click: '.rail-search', shows: there('[role="dialog"] [data-action]') },
];

export const VIEWS: readonly View[] = [...PAGES, ...DETAILS, ...FILTERS, ...BAR];

type Clicks = Pick<View, 'click' | 'opens'>;

function executions(name: string, clicks: Clicks, asks: string, empty?: string): View {
  return filtered('Executions', `Executions: ${name}`, '/history/executions', clicks, asks, empty);
}

function events(name: string, clicks: Clicks, asks: string, empty?: string): View {
  return filtered('Events', `Events: ${name}`, '/history/events', clicks, asks, empty);
}

function filtered(table: string, name: string, from: string, clicks: Clicks, asks: string, empty?: string): View {
  const rows =
    empty === undefined ? fresh(table) : `document.querySelector('.empty h2')?.textContent === ${quote(empty)}`;
  return { name, from, ...clicks, shows: `${at(asks)} && ${rows}` };
}

function pick(field: string, option: string): Clicks {
  return { opens: `input[aria-label="${field}"]`, click: `[role="option"][value="${option}"]` };
}

function recent(label: string): Clicks {
  return {
    opens: 'button[aria-label^="Time:"]',
    click: `[role="menuitem"]:nth-of-type(${label === 'Last 24 hours' ? 4 : 3})`,
  };
}

function tab(name: string): string {
  return `[role="tab"][id$="${name.toLowerCase()}"]`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
