/** What the preload script takes of Electron; an old one told where a file lies on the file itself. */
export { contextBridge, ipcRenderer } from 'electron/renderer';

export const webUtils = { getPathForFile: (file: File) => (file as File & { readonly path: string }).path };
