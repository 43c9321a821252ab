import type { ParameterSpec, ParameterSpecs } from '../contract/parameter-spec.ts';

/** Of a runner's own parameter an action may change only these; its type stays (StackStorm's rule). */
const OVERRIDABLE = [
  'default',
  'description',
  'enum',
  'immutable',
  'required',
] as const satisfies (keyof ParameterSpec)[];

/** What may be given to an action: its own parameters, and the runner's as the action overrides them. */
export function parameterSpecs(own: ParameterSpecs, runner: ParameterSpecs): ParameterSpecs {
  const merged: ParameterSpecs = { ...runner };
  for (const [name, spec] of Object.entries(own)) {
    const base = Object.hasOwn(runner, name) ? runner[name] : undefined;
    merged[name] = base ? override(base, spec) : spec;
  }
  return merged;
}

function override(base: ParameterSpec, spec: ParameterSpec): ParameterSpec {
  const changed = OVERRIDABLE.flatMap((key) => (spec[key] === undefined ? [] : [[key, spec[key]] as const]));
  return { ...base, ...Object.fromEntries(changed) };
}
