import { z } from 'zod';

/** A pack's id: its `ref`, else its `name` when that fits `^[a-z0-9_]+$` (StackStorm's rule). */
export const PackRef = z
  .string()
  .regex(/^[a-z0-9_]+$/, 'a pack ref holds only a-z, 0-9 and _')
  .brand<'PackRef'>();
export type PackRef = z.infer<typeof PackRef>;

/** `pack.name` of an action, rule, sensor or trigger type. The name may itself hold dots, so only the first one separates. */
export const ResourceRef = z
  .string()
  .regex(/^[a-z0-9_]+\..+$/, 'a reference is written `pack.name`')
  .brand<'ResourceRef'>();
export type ResourceRef = z.infer<typeof ResourceRef>;

export function resourceRef(pack: PackRef, name: string): ResourceRef {
  return `${pack}.${name}` as ResourceRef;
}

export function packOf(ref: ResourceRef): PackRef {
  return ref.slice(0, ref.indexOf('.')) as PackRef;
}

export function nameOf(ref: ResourceRef): string {
  return ref.slice(ref.indexOf('.') + 1);
}
