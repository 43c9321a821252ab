import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The environment of pip and uv: never a question, never into another place than the virtualenv, and what the person set
 * up for pip (index, proxy, certificates) holds for uv too.
 */
export function installerEnvironment(
  environment: Readonly<Record<string, string>>,
  platform: NodeJS.Platform,
): Record<string, string> {
  const kept = Object.entries(environment).filter(([name]) => !LEFT_OUT.includes(name));
  const clean = Object.fromEntries(kept);
  return {
    GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
    ...clean,
    ...uvEquivalents({ ...pipConfig(clean, platform), ...clean }, clean),
    ...ASK_NOTHING,
  };
}

/** These would send packages somewhere else than into the virtualenv, or pop up a window for a password. */
const LEFT_OUT: readonly string[] = [
  ...['PYTHONPATH', 'PIP_TARGET', 'PIP_PREFIX', 'PIP_ROOT', 'PIP_REQUIRE_VIRTUALENV', 'PIP_REQUIREMENT'],
  ...['UV_SYSTEM_PYTHON', 'UV_PYTHON', 'UV_PROJECT_ENVIRONMENT', 'UV_WORKING_DIRECTORY', 'SSH_ASKPASS'],
];

const ASK_NOTHING = {
  GIT_TERMINAL_PROMPT: '0',
  // Also keeps git from the program that its configuration names for this.
  GIT_ASKPASS: '',
  GCM_INTERACTIVE: 'never',
  PIP_NO_INPUT: '1',
  PIP_USER: '0',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PIP_PROGRESS_BAR: 'off',
  PYTHONUNBUFFERED: '1',
  PYTHONIOENCODING: 'utf-8',
  UV_PYTHON_DOWNLOADS: 'never',
  NO_COLOR: '1',
} as const;

/** uv has no variable for this one: its command line says it. */
export function refusesIndexes(environment: Readonly<Record<string, string>>): boolean {
  return /^(1|true|yes|on)$/i.test(environment.PIP_NO_INDEX ?? '');
}

/** `pip` is read as environment variables, whether they come from there or from a pip.conf. Lists are apart by spaces. */
function uvEquivalents(
  pip: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const result: Record<string, string> = {};
  const set = (name: string, value: string | undefined) => {
    if (value !== undefined && value.trim() !== '' && own[name] === undefined) result[name] = value.trim();
  };
  const list = (name: string) => pip[name]?.trim().split(/\s+/).join(' ');
  if (own.UV_INDEX_URL === undefined) set('UV_DEFAULT_INDEX', pip.PIP_INDEX_URL);
  if (own.UV_EXTRA_INDEX_URL === undefined && own.UV_INDEX === undefined && list('PIP_EXTRA_INDEX_URL')) {
    set('UV_INDEX', list('PIP_EXTRA_INDEX_URL'));
    // pip takes the best version of all indexes, uv by itself that of the first which knows the name.
    set('UV_INDEX_STRATEGY', 'unsafe-best-match');
  }
  set('UV_FIND_LINKS', list('PIP_FIND_LINKS')?.replaceAll(' ', ','));
  set('PIP_NO_INDEX', pip.PIP_NO_INDEX);
  set('UV_INSECURE_HOST', list('PIP_TRUSTED_HOST'));
  set('UV_CONSTRAINT', list('PIP_CONSTRAINT'));
  set('UV_HTTP_TIMEOUT', pip.PIP_TIMEOUT ?? pip.PIP_DEFAULT_TIMEOUT);
  set('SSL_CERT_FILE', pip.PIP_CERT);
  // uv's own names for it go before pip's one name for all.
  const ownProxy = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];
  if (ownProxy.every((name) => own[name] === undefined)) {
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY']) set(name, pip.PIP_PROXY);
  }
  return result;
}

/** The settings of all pip configuration files as the variables that pip takes in their place. Later files win. */
function pipConfig(environment: Readonly<Record<string, string>>, platform: NodeJS.Platform): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const file of pipConfigFiles(environment, platform)) Object.assign(settings, parsePipConfig(readOptional(file)));
  return settings;
}

function pipConfigFiles(environment: Readonly<Record<string, string>>, platform: NodeJS.Platform): string[] {
  const home = environment.HOME ?? environment.USERPROFILE ?? '';
  const own = environment.PIP_CONFIG_FILE === undefined ? [] : [environment.PIP_CONFIG_FILE];
  if (platform === 'win32') {
    const data = environment.APPDATA ?? path.join(home, 'AppData', 'Roaming');
    return [path.join(home, 'pip', 'pip.ini'), path.join(data, 'pip', 'pip.ini'), ...own];
  }
  const config = environment.XDG_CONFIG_HOME ?? path.join(home, '.config');
  const mac = platform === 'darwin' ? [path.join(home, 'Library', 'Application Support', 'pip', 'pip.conf')] : [];
  const global = ['/etc/xdg/pip/pip.conf', '/etc/pip.conf'];
  return [...global, path.join(home, '.pip', 'pip.conf'), path.join(config, 'pip', 'pip.conf'), ...mac, ...own];
}

/** `[global]` and `[install]`, the latter over the former; indented lines go on with the value above. */
export function parsePipConfig(text: string): Record<string, string> {
  const sections: Record<string, Record<string, string>> = { global: {}, install: {} };
  let section: Record<string, string> = {};
  let name = '';
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*([#;].*)?$/.test(line)) continue;
    const heading = /^\[(.+)\]/.exec(line)?.[1];
    const [, key, value = ''] = /^([\w-]+)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (heading !== undefined) section = sections[heading] ?? {};
    else if (key !== undefined) {
      name = `PIP_${key.toUpperCase().replaceAll('-', '_')}`;
      section[name] = value;
    } else if (/^\s/.test(line) && section[name] !== undefined) section[name] += ` ${line.trim()}`;
  }
  return { ...sections.global, ...sections.install };
}

function readOptional(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Most of these files are not there.
    return '';
  }
}
