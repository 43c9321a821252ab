import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { APP_ID } from '../../main/electron/before-ready.ts';

const config = parse(readFileSync('electron-builder.yml', 'utf8'));
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

test('Linux menus and panels find the icon in each size', () => {
  const folder: string = config.linux.icon;
  const sizes = readdirSync(folder).map((name) => {
    const png = readFileSync(path.join(folder, name));
    // The first chunk of a PNG begins with its width and height.
    const size = [png.readUInt32BE(16), png.readUInt32BE(20)];
    expect(name).toBe(`${size[0]}x${size[1]}.png`);
    return size[0];
  });
  expect(sizes.sort((a, b) => Number(a) - Number(b))).toEqual([16, 24, 32, 48, 64, 128, 256, 512]);
});

test('a Linux desktop takes windows, entry and shortcuts of the app for one, by a name as its portals ask for', () => {
  expect(manifest.desktopName).toMatch(/^([A-Za-z]\w*\.){2,}desktop$/);
  expect(config.linux.syncDesktopName).toBe(true);
  expect(config.protocols).toEqual([{ name: 'Stormlet', schemes: ['stormlet'] }]);
});

test('Windows knows the notices for those of the installed app, which is installed for the person alone', () => {
  expect(config.appId).toBe(APP_ID);
  expect(config.nsis).toMatchObject({ oneClick: false, perMachine: false });
});

test('on macOS what may load unsigned modules is the helpers’ only, and notices with buttons may stay', () => {
  const keysOf = (file: string) =>
    [...readFileSync(file, 'utf8').matchAll(/<key>com\.apple\.security\.(.+)<\/key>\s*<true\/>/g)].map(
      ([, key]) => key,
    );
  expect(config.mac.hardenedRuntime).toBe(true);
  expect(keysOf(config.mac.entitlements)).toEqual(['cs.allow-jit', 'automation.apple-events']);
  expect(keysOf(config.mac.entitlementsInherit)).toContain('cs.disable-library-validation');
  expect(config.mac.extendInfo.NSUserNotificationAlertStyle).toBe('alert');
});

test('names of packages have no spaces, which the place of a release would replace', () => {
  expect(config.artifactName).toMatch(/^\S+$/);
  expect(config.nsis.artifactName ?? config.artifactName).toContain(['$', '{version}'].join(''));
});
