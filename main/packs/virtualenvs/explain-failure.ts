/**
 * From what pip or uv printed to one sentence that a person can act on. Their own first line is often only that some
 * command failed; the cause stands far below it, in the words of git, of a compiler or of a build script. Pure.
 */
export type FailureReason = { readonly reason: string; readonly hint?: string | undefined };

export function explainFailure(lines: readonly string[], python: string): FailureReason {
  for (const explain of EXPLANATIONS) {
    const found = explain(lines, python);
    if (found) return found;
  }
  return { reason: ownWords(lines) };
}

type Explanation = (lines: readonly string[], python: string) => FailureReason | undefined;

/** The surest first: a missing git hides every other fault of a requirement that comes from a repository. */
const EXPLANATIONS: readonly Explanation[] = [
  programMissing,
  repositoryRefused,
  repositoryUnreachable,
  headerMissing,
  configuratorMissing,
  buildModuleMissing,
  sourceTooOld,
  noNetwork,
];

function programMissing(lines: readonly string[]): FailureReason | undefined {
  const git = match(lines, /(?:Cannot find command '?git'?|Git executable not found|git.*: No such file or directory)/);
  if (git) return { reason: 'it comes from a git repository, and git is not installed', hint: 'install git' };
  const compiler = match(
    lines,
    /command '?([\w+-]*(?:gcc|g\+\+|clang|cc|cl\.exe))'? failed: No such file or directory/,
  );
  const visual = match(lines, /Microsoft Visual C\+\+ [\d.]+ or greater is required/);
  if (!compiler && !visual) return undefined;
  return {
    reason: `${built(lines)} has to be compiled, and there is no C compiler`,
    hint: 'install one (Debian: `build-essential`, macOS: `xcode-select --install`, Windows: Visual Studio Build Tools)',
  };
}

/** Nobody is there to type a password, so git may not ask. Of a repository that is not there it wants one too. */
function repositoryRefused(lines: readonly string[]): FailureReason | undefined {
  const password =
    match(lines, /could not read (?:Username|Password) for '([^']+)'/) ??
    match(lines, /Authentication failed for '([^']+)'/);
  if (password) {
    return {
      reason: `the git server ${password[1]} wants a user name and a password`,
      hint: "store them with git's credential helper, or require the repository by `git+ssh://`",
    };
  }
  const refused =
    match(lines, /[Rr]epository '?([^' ]+)'? not found/) ??
    match(lines, /(Permission denied \(publickey\)|Host key verification failed)/);
  if (!refused) return undefined;
  return {
    reason: `git may not read the repository: ${refused[1]}`,
    hint: 'see that it exists, and that `git clone` of it works in a terminal without a question',
  };
}

function repositoryUnreachable(lines: readonly string[]): FailureReason | undefined {
  const found = match(lines, /unable to access '([^']+)': (.+)/);
  if (found) return { reason: `git could not reach \`${found[1]}\`: ${found[2]}`, hint: NETWORK_HINT };
  const ref = match(
    lines,
    /(?:Remote branch (\S+) not found|pathspec '([^']+)' did not match|couldn't find remote ref (\S+))/,
  );
  if (!ref) return undefined;
  return { reason: `its repository has no \`${ref[1] ?? ref[2] ?? ref[3]}\``, hint: 'correct it in requirements.txt' };
}

function headerMissing(lines: readonly string[], python: string): FailureReason | undefined {
  const found = match(lines, /fatal error: '?([\w./+-]+\.h(?:pp)?)'?(?:: No such file or directory| file not found)/);
  const header = found?.[1];
  if (header === undefined) return undefined;
  const reason = `${built(lines)} could not be compiled: \`${header}\` is missing`;
  // These left CPython itself, so no library brings them.
  if (REMOVED_HEADERS.includes(header)) return { reason, hint: olderPython(python) };
  const library = LIBRARIES.find(({ pattern }) => pattern.test(header));
  return { reason, hint: library ? `install ${library.name}` : `install the library that brings \`${header}\`` };
}

const REMOVED_HEADERS: readonly string[] = ['longintrepr.h', 'frameobject.h', 'node.h', 'grammar.h'];

/** Headers that published packs' requirements want, and who has them. */
const LIBRARIES: readonly { readonly pattern: RegExp; readonly name: string }[] = [
  { pattern: /^Python\.h$/, name: "Python's headers (Debian: `python3-dev`)" },
  { pattern: /^(gssapi|krb5|kerberos)/, name: 'Kerberos (Debian: `libkrb5-dev`, Homebrew: `krb5`)' },
  { pattern: /^(libpq-fe|pg_config|postgres)/, name: 'the PostgreSQL client (Debian: `libpq-dev`, Homebrew: `libpq`)' },
  {
    pattern: /^(mysql|mariadb)/,
    name: 'the MySQL client (Debian: `default-libmysqlclient-dev`, Homebrew: `mysql-client`)',
  },
  { pattern: /^(lber|ldap)/, name: 'OpenLDAP (Debian: `libldap2-dev`, Homebrew: `openldap`)' },
  { pattern: /^sasl\//, name: 'Cyrus SASL (Debian: `libsasl2-dev`)' },
  {
    pattern: /^libxml|^libxslt/,
    name: 'libxml2 and libxslt (Debian: `libxml2-dev libxslt1-dev`, Homebrew: the same names)',
  },
  { pattern: /^openssl\//, name: 'OpenSSL (Debian: `libssl-dev`, Homebrew: `openssl`)' },
  { pattern: /^ffi/, name: 'libffi (Debian: `libffi-dev`, Homebrew: `libffi`)' },
  { pattern: /^(sql|sqlext)\.h$/, name: 'unixODBC (Debian: `unixodbc-dev`, Homebrew: `unixodbc`)' },
  { pattern: /^(sybdb|sybfront)/, name: 'FreeTDS (Debian: `freetds-dev`, Homebrew: `freetds`)' },
  { pattern: /^curl\//, name: 'libcurl (Debian: `libcurl4-openssl-dev`, Homebrew: `curl`)' },
];

/** Build scripts that look for a library by its own small program. */
function configuratorMissing(lines: readonly string[]): FailureReason | undefined {
  const mysql = match(lines, /MYSQLCLIENT_CFLAGS|mysql_config(?::)? not found/);
  const other = match(lines, /(pg_config|xslt-config|curl-config|krb5-config)(?: executable)? not found/);
  if (!mysql && !other) return undefined;
  const header = mysql ? 'mysql.h' : (CONFIGURATORS[other?.[1] ?? ''] ?? '');
  const library = LIBRARIES.find(({ pattern }) => pattern.test(header));
  return {
    reason: `${built(lines)} could not be compiled: a library that it needs is missing`,
    ...(library && { hint: `install ${library.name}` }),
  };
}

const CONFIGURATORS: Readonly<Record<string, string>> = {
  pg_config: 'libpq-fe.h',
  'xslt-config': 'libxslt/xslt.h',
  'curl-config': 'curl/curl.h',
  'krb5-config': 'gssapi.h',
};

function buildModuleMissing(lines: readonly string[], python: string): FailureReason | undefined {
  const found = match(lines, /ModuleNotFoundError: No module named '([^']+)'/);
  const name = found?.[1];
  if (name === undefined) return undefined;
  const reason = `${built(lines)} could not be built: its build script needs the module \`${name}\``;
  return { reason, hint: REMOVED_MODULES.includes(name) ? olderPython(python) : OLD_VERSION };
}

/** Of the standard library, gone with Python 3.12. */
const REMOVED_MODULES: readonly string[] = ['distutils', 'imp', 'asyncore', 'asynchat', 'smtpd'];

/** C that was written for another version of CPython, or Python that was written for Python 2. */
function sourceTooOld(lines: readonly string[], python: string): FailureReason | undefined {
  const python2 = match(lines, /SyntaxError: (Missing parentheses in call to|invalid syntax|multiple exception types)/);
  if (python2) return { reason: `${built(lines)} is written for Python 2`, hint: OLD_VERSION };
  const compiler = match(
    lines,
    /\.(?:c|cc|cpp|pyx):\d+(?::\d+)?: (?:fatal )?error: (.+)|CompileError: (\S+)|command '?\S*(?:gcc|cc|clang)\S*'? failed/,
  );
  if (!compiler) return undefined;
  return { reason: `${built(lines)} could not be compiled with Python ${python}`, hint: olderPython(python) };
}

function noNetwork(lines: readonly string[]): FailureReason | undefined {
  const found = match(
    lines,
    /(Temporary failure in name resolution|Name or service not known|failed to lookup address|[Cc]onnection refused|Network is unreachable|[Tt]imed out|tunnel error|Could not resolve)/,
  );
  return found ? { reason: `${ownWords(lines)} (${found[1]})`, hint: NETWORK_HINT } : undefined;
}

const NETWORK_HINT = 'see that this machine has a network, and that a proxy that it needs is set; then try again';
const OLD_VERSION = 'ask the pack’s author for a newer version of it, or loosen its requirements.txt';

function olderPython(python: string): string {
  const minor = Number(python.split('.')[1] ?? 0);
  const older = `3.${Math.min(Math.max(minor - 1, 8), 10)}`;
  return `it is older than Python ${python}: build the virtualenv with an older Python (such as ${older}), or loosen the version in requirements.txt`;
}

/** What failed to be built, as uv or pip name it. */
function built(lines: readonly string[]): string {
  const found =
    match(lines, /Failed to (?:build|download and build) `([^`]+)`/) ??
    match(lines, /Failed building wheel for (\S+)/) ??
    match(lines, /Building wheel for (\S+) \(.*error/) ??
    match(lines, /hint: .*`([^`]+@[^`]+)`/) ??
    match(lines, /Collecting ([^\s(]+)/, 'last');
  return found?.[1] === undefined ? 'a requirement' : `\`${found[1]}\``;
}

/** pip says it after `ERROR:`, uv after `error:` with the reason below it after `cause:`. */
function ownWords(lines: readonly string[]): string {
  const index = lines.findIndex((line) => /^\s*(ERROR|error):/.test(line));
  const [first = '', second = ''] = index < 0 ? [] : lines.slice(index);
  const said = /^\s*cause:/.test(second) ? second : first;
  return said.replace(/^\s*(ERROR|error|cause):\s*/, '').trim();
}

function match(
  lines: readonly string[],
  pattern: RegExp,
  which: 'first' | 'last' = 'first',
): RegExpExecArray | undefined {
  const line =
    which === 'first' ? lines.find((text) => pattern.test(text)) : lines.findLast((text) => pattern.test(text));
  return (line === undefined ? undefined : pattern.exec(line)) ?? undefined;
}
