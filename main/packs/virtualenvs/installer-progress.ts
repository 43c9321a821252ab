/** How far an installer is, in what it says itself. */
export type InstallerProgress = { readonly detail: string; readonly percent?: number };

/**
 * Makes progress out of the lines of uv and pip. A percentage is given only where the installer told what it divides:
 * uv announces its larger downloads with their sizes before they end, pip tells one file after another and never how many.
 */
export function followInstaller(onProgress: (progress: InstallerProgress) => void): (text: string) => void {
  const downloads = new Downloads();
  let rest = '';
  return (text) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const progress = downloads.take(line) ?? readLine(line);
      if (progress) onProgress(progress);
    }
  };
}

/** What pip and uv print in one line about what they do next. */
function readLine(line: string): InstallerProgress | undefined {
  const [, resolved] = /^Resolved (\d+) packages? in /.exec(line) ?? [];
  if (resolved !== undefined) return { detail: `fetching ${counted(Number(resolved))}` };
  const [, prepared] = /^Prepared (\d+) packages? in /.exec(line) ?? [];
  if (prepared !== undefined) return { detail: `installing ${counted(Number(prepared))}` };
  const [, collected] = /^Installing collected packages: (.+)$/.exec(line) ?? [];
  if (collected !== undefined) return { detail: `installing ${counted(collected.split(',').length)}` };
  const [, byPip, byUv] = /^\s*Building (?:wheel|editable) for (\S+)|^\s+Building (\S+)/.exec(line) ?? [];
  const building = byPip ?? byUv;
  if (building !== undefined) return { detail: `building ${building}` };
  const [, file, size] = /^\s*Downloading (\S+) \(([\d.]+ [kMG]?B)\)/.exec(line) ?? [];
  if (file !== undefined) return { detail: `downloading ${file.split('/').at(-1)}, ${size}` };
  const [, collecting] = /^Collecting (\S+)/.exec(line) ?? [];
  return collecting === undefined ? undefined : { detail: `collecting ${collecting}` };
}

/** uv's: `Downloading numpy (16.1MiB)`, later ` Downloaded numpy`; several at one time. */
class Downloads {
  readonly #sizes = new Map<string, number>();
  readonly #done = new Set<string>();

  take(line: string): InstallerProgress | undefined {
    const [, begun, number, unit] = /^\s*Downloading (\S+) \(([\d.]+)([KMG]?i?B)\)$/.exec(line) ?? [];
    const [, ended] = /^\s*Downloaded (\S+)$/.exec(line) ?? [];
    if (begun !== undefined) this.#sizes.set(begun, Number(number) * (UNITS[unit ?? ''] ?? 1));
    else if (ended !== undefined && this.#sizes.has(ended)) this.#done.add(ended);
    else return undefined;
    const total = sum(this.#sizes.values());
    const done = sum([...this.#done].map((name) => this.#sizes.get(name) ?? 0));
    const underWay = [...this.#sizes.keys()].filter((name) => !this.#done.has(name));
    const detail = underWay.length > 0 ? `downloading ${underWay.join(', ')}` : 'downloaded';
    return { detail: `${detail}, ${megabytes(done)} of ${megabytes(total)} MB`, percent: (100 * done) / total };
  }
}

const UNITS: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, number) => total + number, 0);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function counted(packages: number): string {
  return `${packages} package${packages === 1 ? '' : 's'}`;
}
