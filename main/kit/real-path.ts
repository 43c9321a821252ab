import { realpathSync } from 'node:fs';

/**
 * Where a path leads, through all links; throws where there is nothing. The system finds it in one call, while Node's own way
 * looks at each folder on it. On Windows the two do not write the same path alike.
 */
export const realPath: (file: string) => string = process.platform === 'win32' ? realpathSync : realpathSync.native;
