import path from 'node:path';
import { openWorkbench, type Workbench } from '../../main/authoring/workbench.ts';
import { appFiles } from '../../main/host-folders.ts';
import type { Progress } from '../../main/packs/virtualenvs/build-virtualenv.ts';
import { SHARED_TOOLS } from './shared-tools.ts';

/** What pack authors work with, on the folders of `home`. */
export function testWorkbench(home: string): Promise<Workbench> {
  return openWorkbench({
    folder: home,
    folders: { config: path.join(home, 'config'), data: path.join(home, 'data') },
    app: appFiles(import.meta.dirname),
    environment: process.env,
    tools: SHARED_TOOLS,
  });
}

/** Keeps what is printed. */
export function heard(): Progress & { readonly text: () => string } {
  const parts: string[] = [];
  return { onStep: () => {}, onOutput: (_stream, text) => parts.push(text), text: () => parts.join('') };
}
