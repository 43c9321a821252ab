import { StormletError } from '../../main/contract/errors.ts';

export function found<T>(thing: T | undefined, what: string): T {
  if (thing !== undefined) return thing;
  throw new StormletError({ code: 'fake/unknown', kind: 'user', message: `there is no ${what}` });
}
