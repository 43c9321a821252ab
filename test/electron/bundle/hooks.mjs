import { registerHooks } from 'node:module';

// `electron` is no package for plain Node: the one of that name would start a download.
const electron = new URL('./electron.ts', import.meta.url).href;
registerHooks({
  resolve: (name, context, next) => (name === 'electron' ? { url: electron, shortCircuit: true } : next(name, context)),
});
