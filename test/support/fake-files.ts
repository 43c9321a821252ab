import { StormletError } from '../../main/contract/errors.ts';
import type { AppFile, Editor, OpenFileRequest } from '../../main/contract/files.ts';
import type { Handlers } from '../../main/contract/rpc.ts';

const EDITOR: Editor = { name: 'Visual Studio Code', command: 'code -g {file}:{line}' };

/** Opens nothing, and notes what it was asked to open. A file of no folder of the app's is refused. */
export function fakeFileHandlers(files: (ref: string) => AppFile[], opened: OpenFileRequest[] = []): Handlers['files'] {
  return {
    of: ({ ref }) => files(ref),
    editors: () => ({ found: [EDITOR, { name: 'Zed', command: 'zed {file}:{line}' }], inUse: EDITOR }),
    open: (request) => {
      if (request.file.startsWith('/etc/'))
        throw new StormletError({ code: 'files/outside', kind: 'user', message: `\`${request.file}\` is not opened` });
      opened.push(request);
      return EDITOR;
    },
  };
}
