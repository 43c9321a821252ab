import {
  type ActionDefinition,
  type PackDetail,
  PackSummary,
  type RuleDefinition,
  type SensorDefinition,
  type TriggerType,
} from '../../main/contract/packs.ts';
import type { ParameterSpecs } from '../../main/contract/parameter-spec.ts';
import { PackRef, packOf, ResourceRef } from '../../main/contract/refs.ts';

/** Packs as a developer's machine may have them: some fine, one whose requirements failed, one that is broken. */

const ROOT = '/home/ada/.local/share/stormlet/packs';

export function action(ref: string, description: string, parameters: ParameterSpecs, runner = 'python-script') {
  const parsed = ResourceRef.parse(ref);
  const [pack = '', ...rest] = ref.split('.');
  const name = rest.join('.');
  return {
    ref: parsed,
    pack: packOf(parsed),
    name,
    description,
    enabled: true,
    runner,
    entryPoint: entryPointOf(name, runner),
    parameters,
    tags: [],
    file: `${ROOT}/${pack}/actions/${name}.yaml`,
  } satisfies ActionDefinition;
}

function entryPointOf(name: string, runner: string): string {
  if (runner === 'orquesta') return `workflows/${name}.yaml`;
  return runner === 'python-script' ? `${name}.py` : '';
}

export function triggerType(ref: string, description: string, properties: Record<string, string>): TriggerType {
  const parsed = ResourceRef.parse(ref);
  return {
    ref: parsed,
    pack: packOf(parsed),
    name: ref.slice(ref.indexOf('.') + 1),
    description,
    payloadSchema: {
      type: 'object',
      properties: Object.fromEntries(Object.entries(properties).map(([name, type]) => [name, { type }])),
    },
    file: `${ROOT}/${packOf(parsed)}/sensors/sensor.yaml`,
  };
}

export function sensor(ref: string, description: string, triggerTypes: string[], pollInterval?: number) {
  const parsed = ResourceRef.parse(ref);
  return {
    ref: parsed,
    pack: packOf(parsed),
    className: ref.slice(ref.indexOf('.') + 1),
    description,
    enabled: true,
    entryPoint: 'sensor.py',
    ...(pollInterval !== undefined && { pollInterval }),
    triggerTypes: triggerTypes.map((type) => ResourceRef.parse(type)),
    file: `${ROOT}/${packOf(parsed)}/sensors/sensor.yaml`,
  } satisfies SensorDefinition;
}

type PackParts = Partial<
  Pick<
    PackDetail,
    | 'actions'
    | 'sensors'
    | 'rules'
    | 'triggerTypes'
    | 'requirements'
    | 'keywords'
    | 'distributions'
    | 'installation'
    | 'previous'
  >
>;

export function pack(
  ref: string,
  description: string,
  parts: PackParts,
  changes: Partial<PackDetail> = {},
): PackDetail {
  const {
    actions = [],
    sensors = [],
    rules = [],
    triggerTypes = [],
    requirements = [],
    keywords = [],
    distributions = [],
    ...rest
  } = parts;
  return {
    ref: PackRef.parse(ref),
    name: ref,
    description,
    version: '1.2.0',
    author: 'Ada',
    path: `${ROOT}/${ref}`,
    origin: 'installed',
    enabled: true,
    state: 'ready',
    problems: [],
    missingConfig: [],
    virtualenv: {
      state: 'ready',
      path: `/home/ada/.local/share/stormlet/virtualenvs/${ref}`,
      python: '3.11.7',
      builtAt: new Date(Date.now() - 7_200_000).toISOString(),
    },
    counts: { actions: actions.length, sensors: sensors.length, rules: rules.length, triggers: triggerTypes.length },
    keywords,
    requirements,
    distributions,
    neededBy: [],
    actions,
    sensors,
    rules,
    triggerTypes,
    ...rest,
    ...changes,
  };
}

export function corePack(): PackDetail {
  return pack(
    'core',
    'Basic actions: commands, messages, HTTP.',
    {
      actions: [
        action(
          'core.echo',
          'Gives back a message.',
          { message: { type: 'string', required: true, description: 'What to say' } },
          'noop',
        ),
        action(
          'core.local',
          'Runs a shell command on this machine.',
          {
            cmd: { type: 'string', required: true, position: 0, description: 'The command, run by `/bin/sh`' },
            cwd: { type: 'string', description: 'Folder to run it in' },
            timeout: { type: 'integer', default: 60, minimum: 1, description: 'Seconds until it is killed' },
            env: { type: 'object', description: 'Further environment variables' },
            sudo: { type: 'boolean', default: false, immutable: true, description: 'Not available here' },
          },
          'local-shell-cmd',
        ),
        action(
          'core.http',
          'Makes an HTTP request.',
          {
            url: { type: 'string', required: true, position: 0, description: 'Address to ask' },
            method: {
              type: 'string',
              enum: ['GET', 'POST', 'PUT', 'DELETE'],
              default: 'GET',
              description: 'HTTP method',
            },
            headers: { type: 'object', description: 'Request headers' },
            password: { type: 'string', secret: true, description: 'For basic authentication' },
            allowed_codes: {
              type: 'array',
              items: { type: 'integer' },
              default: [200, 201],
              description: 'What counts as success',
            },
            verify: { type: 'boolean', default: true, description: 'Check the certificate' },
            timeout: { type: 'number', default: 30, description: 'Seconds' },
          },
          'http-request',
        ),
      ],
    },
    { origin: 'built-in', virtualenv: { state: 'not-needed' }, version: '0.1.0', author: 'The Stormlet authors' },
  );
}

export function packsPack(): PackDetail {
  const packs = {
    packs: { type: 'array', items: { type: 'string' }, required: true, description: 'Pack refs or folders' },
  } as const;
  return pack(
    'packs',
    'Installs, removes and rebuilds packs.',
    {
      actions: [
        action('packs.install', 'Installs packs, or updates them.', packs),
        action('packs.update', 'Fetches packs again from where they came from.', packs),
        action('packs.rollback', 'Goes back to the version before.', packs),
        action('packs.uninstall', 'Removes packs.', packs),
        action('packs.setup_virtualenv', 'Builds the virtualenv of packs.', packs),
      ],
    },
    { origin: 'built-in', virtualenv: { state: 'not-needed' }, version: '0.1.0', author: 'The Stormlet authors' },
  );
}

export function examplesPack(): PackDetail {
  const created = ResourceRef.parse('examples.file_created');
  return pack('examples', 'A first pack to look at: it watches a folder and greets every new file.', {
    requirements: ['humanize==4.9.0'],
    keywords: ['demo', 'files'],
    distributions: [{ name: 'humanize', version: '4.9.0' }],
    installation: {
      source: 'examples',
      kind: 'bundled',
      origin: 'examples',
      version: '1.2.0',
      at: '2026-11-02T09:30:00.000Z',
      by: 'Stormlet 0.1.0',
    },
    previous: { version: '1.1.0', installedAt: '2026-10-20T09:30:00.000Z' },
    actions: [
      action('examples.greet_file', 'Says how large a file is, in friendly words.', {
        path: { type: 'string', required: true, position: 0, description: 'The file' },
        size: { type: 'integer', description: 'Bytes' },
      }),
      action('examples.drop_file', 'Puts a file into the watched folder.', {
        text: { type: 'string', default: 'hello', description: 'What the file holds' },
      }),
      action(
        'examples.tidy_folder',
        'Packs old files away, and tells.',
        { folder: { type: 'string', default: '/home/ada/Drop' } },
        'orquesta',
      ),
    ],
    sensors: [
      sensor('examples.FolderSensor', 'Watches a folder.', ['examples.file_created']),
      sensor('examples.LoadSensor', 'Reads the load of the machine.', ['examples.load'], 10),
    ],
    triggerTypes: [
      triggerType('examples.file_created', 'A file appeared in the watched folder.', {
        path: 'string',
        size: 'integer',
      }),
      triggerType('examples.load', 'The load average, every ten seconds.', { one_minute: 'number', cores: 'integer' }),
    ],
    rules: [
      ruleOf('examples.greet_new_file', created, 'examples.greet_file', {
        description: 'Greets every new file that is not hidden.',
        criteria: {
          'trigger.path': { type: 'nequals', pattern: '' },
          'trigger.size': { type: 'lessthan', pattern: 1_000_000 },
        },
        parameters: { path: '{{ trigger.path }}', size: '{{ trigger.size }}' },
      }),
    ],
  });
}

type RuleParts = {
  description?: string;
  criteria?: RuleDefinition['criteria'];
  parameters?: RuleDefinition['action']['parameters'];
  origin?: 'pack' | 'user';
};

export function ruleOf(ref: string, trigger: string, actionRef: string, parts: RuleParts): RuleDefinition {
  const parsed = ResourceRef.parse(ref);
  const { description = '', criteria = {}, parameters = {}, origin = 'pack' } = parts;
  const name = ref.slice(ref.indexOf('.') + 1);
  const folder = origin === 'pack' ? `${ROOT}/${packOf(parsed)}/rules` : '/home/ada/.config/stormlet/rules';
  return {
    ref: parsed,
    pack: packOf(parsed),
    name,
    description,
    enabled: true,
    type: 'standard',
    trigger: { type: ResourceRef.parse(trigger), parameters: {} },
    criteria,
    action: { ref: ResourceRef.parse(actionRef), parameters },
    tags: [],
    origin,
    file: `${folder}/${name}.yaml`,
  };
}

export function failedPack(): PackDetail {
  return pack(
    'jira',
    'Creates and follows Jira issues.',
    {
      requirements: ['jira==3.5.2', 'cryptography<2'],
      actions: [action('jira.create_issue', 'Creates an issue.', { summary: { type: 'string', required: true } })],
      sensors: [sensor('jira.IssueSensor', 'Looks for new issues.', ['jira.issue'], 30)],
      triggerTypes: [triggerType('jira.issue', 'An issue was created.', { key: 'string', summary: 'string' })],
    },
    {
      state: 'not-ready',
      virtualenv: {
        state: 'failed',
        python: '3.11.7',
        output:
          'Collecting jira==3.5.2\n  Using cached jira-3.5.2-py3-none-any.whl\nERROR: Could not find a version that satisfies the requirement cryptography<2\nERROR: No matching distribution found for cryptography<2',
      },
    },
  );
}

export function brokenPack(): PackDetail {
  return pack(
    'weather',
    '',
    {},
    {
      state: 'broken',
      version: '?',
      author: '',
      virtualenv: { state: 'missing' },
      problems: [
        {
          severity: 'error',
          code: 'pack/manifest-invalid',
          message: '`version`: a text is needed, got `1.0`',
          hint: "put it between quotes: `version: '1.0.0'`",
          file: `${ROOT}/weather/pack.yaml`,
          line: 4,
        },
      ],
    },
  );
}

/** As it is listed. */
export function summaryOf(pack: PackDetail): PackSummary {
  return PackSummary.parse(pack);
}
