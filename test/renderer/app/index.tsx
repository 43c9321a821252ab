import { createRoot, type Root } from 'react-dom/client';
import { App } from '../../../renderer/app/App.tsx';
import { type Answers, FakeConnection } from '../fake-connection.ts';

/** The window on a fake engine. `?scenario=full` is a used machine, `?pace=…` the milliseconds between two steps. */
const asked = new URLSearchParams(location.search);
const scenario = asked.get('scenario') === 'full' ? 'full' : 'first-run';
const paceMs = Number(asked.get('pace') ?? 250);
// The router would take what stands before the `#` for part of its own address.
history.replaceState(null, '', `${location.pathname}${location.hash}`);
const element = document.getElementById('root');
let root: Root | undefined;

/** As the page is loaded anew at the address where it is, and quicker: nothing is remembered, the engine is another one. */
function startAnew(answers: Answers): void {
  if (!element) throw new Error('index.html has no element `#root`');
  const connection = new FakeConnection({ scenario, paceMs, answers });
  connection.connect();
  Object.assign(window, { fakeConnection: connection });
  root?.unmount();
  root = createRoot(element);
  root.render(<App client={connection.client} connection={connection} />);
}

Object.assign(window, { startAnew });
startAnew('all');
