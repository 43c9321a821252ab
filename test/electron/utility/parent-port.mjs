/*
 * Gives a process of plain Node what one of Electron's has: `process.parentPort`. What comes before somebody listens waits.
 * The channel behind it keeps the process alive, as Electron does, and the end is told just before it.
 */
import { EventEmitter } from 'node:events';

const port = new EventEmitter();
/** @type {unknown[]} */
const early = [];
process.on('message', ({ message }) => {
  if (port.listenerCount('message') > 0) port.emit('message', { data: message, ports: [] });
  else early.push(message);
});
port.on('newListener', (event) => {
  if (event !== 'message') return;
  setImmediate(() => {
    for (const message of early.splice(0)) port.emit('message', { data: message, ports: [] });
  });
});
Object.defineProperty(process, 'parentPort', { enumerable: true, value: port });

/** @typedef {{ reallyExit(code?: number): never }} Exiting */
const exiting = /** @type {Exiting} */ (/** @type {unknown} */ (process));
const { reallyExit } = exiting;
exiting.reallyExit = (code = 0) => {
  process.send?.({ ends: code });
  return reallyExit.call(exiting, code);
};
