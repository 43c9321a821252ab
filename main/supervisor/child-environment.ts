import path from 'node:path';

/**
 * The environment that children start from: the app's own, without what would leak into a pack. When the app itself was
 * started inside an activated virtualenv or conda, its variables and its folder on PATH are left out, as are those by
 * which Python, Node, npm and Electron are steered.
 */
export function cleanEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const activated = Object.entries(environment).flatMap(([name, folder]) =>
    folder && /^(VIRTUAL_ENV|CONDA_PREFIX(_\d+)?)$/.test(name) ? [folder] : [],
  );
  const clean: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || LEFT_OUT.some((pattern) => pattern.test(name))) continue;
    clean[name] = /^path$/i.test(name) ? withoutFolders(value, activated) : value;
  }
  return clean;
}

const LEFT_OUT = [
  /^VIRTUAL_ENV/,
  /^(CONDA_|_CE_)/,
  /^(PIPENV|POETRY)_ACTIVE$/,
  /^PYTHON(HOME|PATH|STARTUP|EXECUTABLE|USERBASE|NOUSERSITE|SAFEPATH|DONTWRITEBYTECODE)$/,
  /^__PYVENV_LAUNCHER__$/,
  /^NODE_/,
  /^npm_/i,
  /^(INIT_CWD|ELECTRON_.*)$/,
];

function withoutFolders(value: string, folders: readonly string[]): string {
  const inside = (entry: string) => folders.some((folder) => entry === folder || entry.startsWith(folder + path.sep));
  return value
    .split(path.delimiter)
    .filter((entry) => !inside(entry) && !entry.includes(`${path.sep}node_modules${path.sep}.bin`))
    .join(path.delimiter);
}

/** The same environment with a virtualenv in front, as its `activate` script would have it. */
export function insideVirtualenv(
  environment: Readonly<Record<string, string>>,
  python: string,
): Record<string, string> {
  const bin = path.dirname(python);
  const name = Object.keys(environment).find((key) => /^path$/i.test(key)) ?? 'PATH';
  const rest = environment[name];
  return {
    ...environment,
    [name]: rest ? `${bin}${path.delimiter}${rest}` : bin,
    VIRTUAL_ENV: path.dirname(bin),
  };
}
