/*
 * The window. It is a client of the contract and nothing else: what it shows comes from `contract/rpc.ts` over one of two
 * transports, and what it does is a call. It must never touch Node, Electron or the engine's own modules.
 */
import { createRoot } from 'react-dom/client';
import { createClient } from '../main/contract/rpc-client.ts';
import { App } from './app/App.tsx';
import { SignedOut } from './app/SignedOut.tsx';
import { openConnection } from './client/open-connection.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element `#root`');
const page = createRoot(root);

const connection = await openConnection(window);
if (connection === 'signed-out') page.render(<SignedOut />);
else page.render(<App client={createClient(connection.transport)} connection={connection} />);
