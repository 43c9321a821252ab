import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** @typedef {{ name: string, version: string, license: string, text: string }} Package */

/**
 * Part of the build: writes down which packages went into a bundle, with their licences, as most of those ask for. What is
 * bundled is known here only, since much of a package may be left out, or all of it.
 * @param {string} file
 * @returns {{ name: string, writeBundle(options: unknown, bundle: Record<string, unknown>): void }}
 */
export function thirdPartyNotices(file) {
  return {
    name: 'third-party-notices',
    writeBundle(_options, bundle) {
      const folders = new Set(Object.values(bundle).flatMap(modulesOf).flatMap(packageFolder));
      const packages = [...folders].map(readPackage).sort((a, b) => compare(a, b));
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, noticeText(packages));
    },
  };
}

/** @param {unknown} chunk @returns {string[]} */
function modulesOf(chunk) {
  const { moduleIds = [] } = /** @type {{ moduleIds?: string[] }} */ (chunk);
  return moduleIds;
}

/**
 * The folder of the package that a module belongs to; nothing for our own.
 * @param {string} id @returns {string[]}
 */
export function packageFolder(id) {
  // A bundler marks what it has wrapped with a zero byte and a question mark.
  const file = id.replace(/^\0+/, '').replace(/\?.*$/, '').replaceAll('\\', '/');
  const match = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file);
  return match?.[1] === undefined ? [] : [match[1]];
}

/** @param {string} folder @returns {Package} */
function readPackage(folder) {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const { name, version, license = 'see below' } = manifest;
  const files = readdirSync(folder).filter((entry) => /^(licen[cs]e|copying|notice)(\.(md|txt))?$/i.test(entry));
  const text = files.sort().map((entry) => readFileSync(path.join(folder, entry), 'utf8').trim());
  return { name, version, license: String(license.type ?? license), text: text.join('\n\n') };
}

/** @param {Package} a @param {Package} b */
function compare(a, b) {
  return a.name.localeCompare(b.name) || a.version.localeCompare(b.version);
}

/** @param {readonly Package[]} packages */
function noticeText(packages) {
  const head = 'Stormlet contains the following packages.\n';
  const parts = packages.map(({ name, version, license, text }) => {
    const title = `${name} ${version} (${license})`;
    return `${'='.repeat(72)}\n${title}\n${'='.repeat(72)}\n${text === '' ? 'It comes without a text of its licence.' : text}\n`;
  });
  return [head, ...parts].join('\n');
}
