import { isTemplate } from '../contract/check-parameters.ts';
import { type Fault, StormletError, toFault } from '../contract/errors.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { ParameterSpec, ParameterSpecs } from '../contract/parameter-spec.ts';
import { isSecretValue, maskLeaves } from '../contract/secret-values.ts';
import { type Leaf, leavesOf, mapLeaves, pathText, type ValuePath } from '../contract/spec-walk.ts';
import { castParameter } from './cast.ts';
import type { DatastoreReader } from './datastore-reader.ts';
import type { ExpressionRenderer } from './renderer.ts';

/** A pack's configuration as its actions and sensors get it, and what of it no one else may read. */
export type EffectiveConfig = {
  readonly values: JsonObject;
  readonly masked: JsonObject;
  /** Each secret's text, to be masked in what the pack's processes print. */
  readonly secrets: readonly string[];
};

export type ConfigToRender = {
  readonly pack: string;
  readonly specs: ParameterSpecs;
  /** With defaults filled in, templates and all. */
  readonly values: JsonObject;
  /** `FILE:LINE` of a value. */
  placeOf(path: ValuePath): string;
};

export type ConfigRenderer = { readonly renderer: ExpressionRenderer; readonly datastore: DatastoreReader };

/** Without templates there is nothing to wait for. */
export function renderConfig(config: ConfigToRender, by: ConfigRenderer): EffectiveConfig | Promise<EffectiveConfig> {
  return isTemplate(config.values) ? renderTemplates(config, by) : effectiveOf(config.specs, config.values, new Set());
}

/** Where more than one value cannot be rendered, the first one is named. */
async function renderTemplates(config: ConfigToRender, by: ConfigRenderer): Promise<EffectiveConfig> {
  const templates = leavesOf(config.specs, config.values).filter(({ value }) => isTemplate(value));
  const rendered = new Map<string, Json>();
  const revealed = new Set<string>();
  const outcomes = await Promise.allSettled(templates.map((leaf) => renderLeaf(leaf, by)));
  outcomes.forEach((outcome, index) => {
    const leaf = templates[index];
    if (!leaf) return;
    if (outcome.status === 'rejected') throw new StormletError(faultOf(config, leaf, toFault(outcome.reason)));
    rendered.set(keyOf(leaf.path), outcome.value);
    if (decrypts(leaf)) revealed.add(keyOf(leaf.path));
  });
  const values = mapLeaves(
    config.specs,
    config.values,
    ({ path, value }) => rendered.get(keyOf(path)) ?? (rendered.has(keyOf(path)) ? null : value),
  );
  return effectiveOf(config.specs, values, revealed);
}

/** What becomes empty counts as not given (st2common/util/config_loader.py), so the default takes its place. */
async function renderLeaf(leaf: Leaf, by: ConfigRenderer): Promise<Json> {
  const text = await by.renderer.render(String(leaf.value), {});
  if (text !== '') return fitted(leaf.spec?.secret ? decrypted(leaf, text, by.datastore) : text, leaf.spec);
  const byDefault = leaf.spec?.default ?? null;
  if (byDefault === leaf.value || byDefault === null) return null;
  return isTemplate(byDefault) ? renderLeaf({ ...leaf, value: byDefault }, by) : byDefault;
}

/** StackStorm decrypts what a secret item renders to; a template that has done so itself is taken as well. */
function decrypted(leaf: Leaf, text: string, datastore: DatastoreReader): string {
  try {
    return datastore.decrypt(text);
  } catch (error) {
    if (decrypts(leaf)) return text;
    throw new StormletError(
      {
        code: 'config/secret-not-encrypted',
        kind: 'user',
        message: 'it is a secret, and what its expression reads is not stored encrypted',
        hint: 'store the key with `stormlet key set NAME --secret`',
      },
      { cause: error },
    );
  }
}

function decrypts({ value }: Leaf): boolean {
  return String(value).includes('decrypt_kv');
}

/** Jinja gives text. Where it reads as the declared type it becomes that; where not, the pack gets the text as in StackStorm. */
function fitted(text: string, spec: ParameterSpec | undefined): Json {
  try {
    return castParameter('value', text, spec);
  } catch {
    return text;
  }
}

function effectiveOf(specs: ParameterSpecs, values: JsonObject, revealed: ReadonlySet<string>): EffectiveConfig {
  const isHidden = (leaf: Leaf) => isSecretValue(leaf) || (revealed.has(keyOf(leaf.path)) && leaf.value !== null);
  const secrets = leavesOf(specs, values).filter(isHidden);
  return { values, masked: maskLeaves(specs, values, isHidden), secrets: secrets.map(({ value }) => String(value)) };
}

function faultOf({ pack, placeOf }: ConfigToRender, { path }: Leaf, { message, hint }: Fault): Fault {
  const key = pathText(path);
  const place = placeOf(path);
  return {
    code: 'config/render-failed',
    kind: 'user',
    message: `the configuration of the pack \`${pack}\` cannot be used: \`${key}\` in ${place}: ${message}`,
    hint: hint ?? `correct \`${key}\` in ${place}`,
    details: { pack, key, place },
  };
}

function keyOf(path: ValuePath): string {
  return JSON.stringify(path);
}
