import { createServer } from 'vite';
import { fakeWindow } from './fake-window.ts';

/** `npm run ui`: the window on a fake engine, reloading as its files change. */
const server = await createServer({ ...fakeWindow('served'), logLevel: 'info', server: { host: '127.0.0.1' } });
await server.listen();
server.printUrls();
process.stdout.write('  `?scenario=full` shows a used machine; without it, a first run\n');
