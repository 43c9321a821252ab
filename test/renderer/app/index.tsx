import { createRoot } from 'react-dom/client';
import { App } from '../../../renderer/app/App.tsx';
import { FakeConnection } from '../fake-connection.ts';

/** The window on a fake engine. `?scenario=full` is a used machine, `?pace=…` the milliseconds between two steps. */
const asked = new URLSearchParams(location.search);
const connection = new FakeConnection({
  scenario: asked.get('scenario') === 'full' ? 'full' : 'first-run',
  paceMs: Number(asked.get('pace') ?? 250),
});
connection.connect();
// The router would take what stands before the `#` for part of its own address.
history.replaceState(null, '', `${location.pathname}${location.hash}`);
Object.assign(window, { fakeConnection: connection });

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element `#root`');
createRoot(root).render(<App client={connection.client} connection={connection} />);
