import { z } from 'zod';

/** JSON of any kind, in a way that OpenAPI can say: the contract's own type refers to itself. */
export const AnyJson = z.unknown();
export const AnyObject = z.record(z.string(), z.unknown());
export type AnyObject = z.infer<typeof AnyObject>;
