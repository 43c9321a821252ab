/** Versions as people write them: `1.2.0`, `v1.2.0`, `1.2`, `2.0.0-beta.1`. Parts that are missing count as 0. */

export function isVersion(text: string): boolean {
  return PATTERN.test(text);
}

/** Negative: `a` is the older one. A pre-release is older than its release; `+build` says nothing. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (left.numbers[index] ?? 0) - (right.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.preRelease === right.preRelease) return 0;
  if (left.preRelease === '') return 1;
  if (right.preRelease === '') return -1;
  return left.preRelease.localeCompare(right.preRelease, 'en', { numeric: true });
}

/** Whether a version is in a range such as `>=3.0.0, <4`: all of its parts must hold. Undefined: that is no range. */
export function isInRange(version: string, range: string): boolean | undefined {
  if (range.trim() === 'all') return true;
  const parts = range.split(',').map((part) => /^\s*([<>=!]=?)\s*(\S+)\s*$/.exec(part));
  const checks = parts.map((part) => {
    const [, operator = '', than = ''] = part ?? [];
    const holds = OPERATORS[operator];
    return holds && isVersion(than) ? holds(compareVersions(version, than)) : undefined;
  });
  return checks.includes(undefined) ? undefined : checks.every(Boolean);
}

const OPERATORS: Readonly<Record<string, (difference: number) => boolean>> = {
  '<': (difference) => difference < 0,
  '<=': (difference) => difference <= 0,
  '>': (difference) => difference > 0,
  '>=': (difference) => difference >= 0,
  '=': (difference) => difference === 0,
  '==': (difference) => difference === 0,
  '!=': (difference) => difference !== 0,
};

const PATTERN = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

function parse(text: string): { readonly numbers: readonly number[]; readonly preRelease: string } {
  const [, major, minor, patch, preRelease = ''] = PATTERN.exec(text) ?? [];
  return { numbers: [major, minor, patch].map((part) => Number(part ?? 0)), preRelease };
}
