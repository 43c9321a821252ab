import { stringify } from 'yaml';
import { checkValue, isTemplate } from '../../main/contract/check-parameters.ts';
import { StormletError } from '../../main/contract/errors.ts';
import type { JsonObject } from '../../main/contract/json.ts';
import type { PackConfig } from '../../main/contract/pack-config.ts';
import type { PackSummary } from '../../main/contract/packs.ts';
import type { ParameterSpecs } from '../../main/contract/parameter-spec.ts';
import type { PackRef } from '../../main/contract/refs.ts';
import type { Emit, Handlers } from '../../main/contract/rpc.ts';
import { maskLeaves } from '../../main/contract/secret-values.ts';
import { isReadableSecret, readableSecrets, sealSecrets, unmask } from '../../main/engine/config-secrets.ts';

/** Every shape that a schema may have. */
const CONNECTION: ParameterSpecs = {
  host: { type: 'string', required: true, description: 'Name or address.' },
  port: { type: 'integer', default: 5432, minimum: 1, maximum: 65535 },
  password: { type: 'string', secret: true },
};
const SCHEMA: ParameterSpecs = {
  url: { type: 'string', required: true, description: 'Where the service listens, such as `http://localhost`.' },
  token: { type: 'string', secret: true, description: 'Made on the service’s own page.' },
  retries: { type: 'integer', default: 3, minimum: 0, maximum: 10 },
  level: { type: 'string', enum: ['low', 'high'], default: 'low' },
  verify: { type: 'boolean', default: true },
  connection: { type: 'object', description: 'The database.', properties: CONNECTION },
  servers: { type: 'array', items: { type: 'object', properties: CONNECTION } },
  folders: { type: 'array', items: { type: 'string' } },
  profiles: {
    type: 'object',
    description: 'One for each team.',
    patternProperties: { '^[a-z]+$': { type: 'object', properties: CONNECTION } },
    additionalProperties: false,
  },
  labels: { type: 'object', additionalProperties: { type: 'string' } },
};

/** Configurations in memory, with the engine's own way to treat secrets. */
export class FakeConfigs {
  readonly #emit: Emit;
  readonly #values = new Map<string, JsonObject>();
  #revision = 0;

  constructor(emit: Emit) {
    this.#emit = emit;
    this.#values.set('examples', { token: 'written-by-hand', servers: [{ host: 'one', password: 'first-password' }] });
  }

  readonly handlers: Pick<Handlers['packs'], 'config' | 'saveConfig'> = {
    config: ({ ref }) => this.#read(ref),
    saveConfig: ({ ref, values, encrypt }) => {
      const before = this.#valuesOf(ref);
      const wanted = unmask(schemaOf(ref), values ?? before, before);
      refuse(schemaOf(ref), wanted);
      this.#values.set(ref, sealSecrets(ref, schemaOf(ref), wanted, before, encrypt).values);
      this.#revision += 1;
      this.#emit('packs.changed', { ref, removed: false });
      return this.#read(ref);
    },
  };

  /** The pack, saying what its configuration lacks. */
  withMissing<P extends PackSummary>(pack: P): P {
    const missing = this.#missing(pack.ref);
    const message = 'the configuration has no `url`, which the pack requires';
    const problem = { severity: 'warning', code: 'config/value-missing', message } as const;
    return { ...pack, missingConfig: missing, problems: [...pack.problems, ...missing.map(() => problem)] };
  }

  #missing(ref: PackRef): string[] {
    return schemaOf(ref).url && !this.#valuesOf(ref).url ? ['url'] : [];
  }

  #valuesOf(ref: string): JsonObject {
    return this.#values.get(ref) ?? {};
  }

  #read(ref: PackRef): PackConfig {
    const schema = schemaOf(ref);
    const values = this.#valuesOf(ref);
    const masked = maskLeaves(schema, values, isReadableSecret);
    return {
      ref,
      file: `/home/ada/.config/stormlet/configs/${ref}.yaml`,
      exists: this.#values.has(ref),
      yaml: Object.keys(masked).length === 0 ? '' : stringify(masked),
      schema,
      values: masked,
      effective: maskLeaves(schema, values),
      problems: [],
      readable: readableSecrets(schema, values),
      missing: this.#missing(ref),
      revision: String(this.#revision),
    };
  }
}

function schemaOf(ref: string): ParameterSpecs {
  return ref === 'examples' ? SCHEMA : {};
}

function refuse(schema: ParameterSpecs, values: JsonObject): void {
  const problems = Object.entries(values).flatMap(([name, value]) =>
    schema[name] && value !== null && !isTemplate(value)
      ? checkValue(value, schema[name], name).filter(({ missing }) => !missing)
      : [],
  );
  if (problems.length === 0) return;
  const message = problems.map((problem) => problem.message).join('; ');
  throw new StormletError({ code: 'config/invalid', kind: 'user', message });
}
