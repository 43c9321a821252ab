import type { AppFile, Editor, Editors, OpenFileRequest } from '../../contract/files.ts';
import type { Handlers } from '../../contract/rpc.ts';

/** Each throws a `user` or `environment` fault that says what to do. */
export type FileEditing = {
  of(ref: string): readonly AppFile[];
  editors(): Editors;
  open(request: OpenFileRequest): Promise<Editor>;
};

export function fileHandlers(files: FileEditing): Handlers['files'] {
  return {
    of: ({ ref }) => [...files.of(ref)],
    editors: () => files.editors(),
    open: (request) => files.open(request),
  };
}
