/*
 * The one bridge between the window and the app: frames of the contract go through it, and files that were dropped on the
 * window. It must never expose `ipcRenderer` or an event object.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';

contextBridge.exposeInMainWorld('stormlet', {
  platform: process.platform,
  send: (frame: unknown) => ipcRenderer.send('stormlet:frame', frame),
  onFrame: (listener: (frame: unknown) => void) => listen('stormlet:frame', listener),
  onOpen: (listener: (path: string) => void) => listen('stormlet:open', listener),
  /** The page itself never learns where a file lies. */
  drop: (files: File[]) =>
    ipcRenderer.send(
      'stormlet:dropped',
      files.map((file) => webUtils.getPathForFile(file)),
    ),
});

function listen<T>(channel: string, listener: (value: T) => void): () => void {
  const deliver = (_event: unknown, value: T) => listener(value);
  ipcRenderer.on(channel, deliver);
  return () => {
    ipcRenderer.off(channel, deliver);
  };
}
