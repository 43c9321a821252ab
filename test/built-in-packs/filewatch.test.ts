import { appendFile, mkdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import { noted, payloadProblems, startPackSensor, type Trigger, triggerOf } from '../support/pack-sensor.ts';
import { packPython } from '../support/pack-virtualenv.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const PACK = path.resolve(import.meta.dirname, '../../packs/filewatch');
const CHANGED = 'filewatch.changed';
const APPENDED = 'filewatch.line_appended';
let python: string;

beforeAll(async () => {
  python = await packPython(PACK);
});

describe('filewatch.changed', () => {
  test('tells of a new, a changed, a moved and a deleted file, each once', async () => {
    await using folder = await tempFolder();
    const file = path.join(folder.path, 'a report.PDF');
    const moved = path.join(folder.path, 'final.pdf');
    await writeFile(path.join(folder.path, 'there before'), '');
    await using sensor = startPaths({ watch: [{ path: folder.path }] });
    await sensor.logged('watching');
    await writeFile(file, 'draft');
    await sensor.dispatched(1);
    await appendFile(file, ' and more');
    await sensor.dispatched(2);
    await rename(file, moved);
    await sensor.dispatched(3);
    await rm(moved);
    const payloads = await sensor.dispatched(4);
    const told = payloads.map(({ event, name, size, previous_path }) => [event, name, size, previous_path]);
    expect(told).toEqual([
      ['created', 'a report.PDF', 5, null],
      ['modified', 'a report.PDF', 14, null],
      ['moved', 'final.pdf', 14, file],
      ['deleted', 'final.pdf', null, null],
    ]);
    expect(payloads[0]).toMatchObject({ path: file, folder: folder.path, extension: '.pdf', while_away: false });
    expect(await payloadProblems(CHANGED, payloads)).toEqual([]);
  });

  test('what was written aside and moved over the file is one change of it; ignored names are never told', async () => {
    await using folder = await tempFolder();
    const file = path.join(folder.path, 'notes.txt');
    await writeFile(file, 'old');
    await using sensor = startPaths({ watch: [{ path: folder.path }], ignore: ['*.part', '.git'] });
    await sensor.logged('watching');
    await writeFile(path.join(folder.path, 'film.part'), 'half');
    await mkdir(path.join(folder.path, '.git'));
    await writeFile(path.join(folder.path, 'notes.aside'), 'quite new');
    await rename(path.join(folder.path, 'notes.aside'), file);
    expect(summaries(await sensor.dispatched(1))).toEqual(['modified notes.txt']);
    await rename(path.join(folder.path, 'film.part'), path.join(folder.path, 'film.mkv'));
    expect(summaries(await sensor.dispatched(2))).toEqual(['modified notes.txt', 'created film.mkv']);
  });

  test('a rule names its own path, events and patterns, and is told by its own trigger', async () => {
    await using folder = await tempFolder();
    const deep = path.join(folder.path, 'deep');
    await mkdir(deep);
    const tree = triggerOf(CHANGED, { path: folder.path, recursive: true, patterns: ['*.md'] }, 'tree');
    const ends = triggerOf(CHANGED, { path: folder.path, events: ['deleted'] }, 'ends');
    const lone = triggerOf(CHANGED, { path: path.join(deep, 'lone.md') }, 'lone');
    await using sensor = startPaths({}, [tree, ends, lone]);
    await sensor.logged(`watching ${path.join(deep, 'lone.md')}`);
    await writeFile(path.join(deep, 'lone.md'), '1');
    await writeFile(path.join(deep, 'other.md'), '1');
    await writeFile(path.join(deep, 'other.txt'), '1');
    await writeFile(path.join(folder.path, 'gone.txt'), '1');
    await sensor.dispatched(3);
    await rm(path.join(folder.path, 'gone.txt'));
    await sensor.dispatched(1, ends.ref);
    expect(summaries(sensor.payloads(tree.ref)).sort()).toEqual(['created lone.md', 'created other.md']);
    expect(summaries(sensor.payloads(lone.ref))).toEqual(['created lone.md']);
    expect(summaries(sensor.payloads(ends.ref))).toEqual(['deleted gone.txt']);
  });

  test('what changed while it did not run is told at the next start, as that; nothing at the first one', async () => {
    await using folder = await tempFolder();
    await using data = await tempFolder();
    const env = { STORMLET_DATASTORE: path.join(data.path, 'datastore.db') };
    const config = { watch: [{ path: folder.path, recursive: true }] };
    for (const name of ['kept', 'edited', 'renamed', 'removed']) await writeFile(path.join(folder.path, name), name);
    {
      await using first = startPaths(config, [], env);
      await first.logged('watching');
      await writeFile(path.join(folder.path, 'live'), '');
      expect(summaries(await first.dispatched(1))).toEqual(['created live']);
      await first.stop();
    }
    await appendFile(path.join(folder.path, 'edited'), 'more');
    await mkdir(path.join(folder.path, 'new folder'));
    await rename(path.join(folder.path, 'renamed'), path.join(folder.path, 'new folder', 'renamed'));
    await rm(path.join(folder.path, 'removed'));
    await using second = startPaths(config, [], env);
    const payloads = await second.dispatched(4);
    expect(summaries(payloads).sort()).toEqual([
      'created new folder',
      'deleted removed',
      'modified edited',
      'moved renamed',
    ]);
    expect(payloads.map(({ while_away }) => while_away)).toEqual([true, true, true, true]);
  });

  test('a moved folder is known as that, and a new one is looked into', async () => {
    await using folder = await tempFolder();
    await mkdir(path.join(folder.path, 'old'));
    await writeFile(path.join(folder.path, 'old', 'inner'), '');
    await using sensor = startPaths({ watch: [{ path: folder.path, recursive: true }] });
    await sensor.logged('watching');
    await mkdir(path.join(folder.path, 'a/b'), { recursive: true });
    await writeFile(path.join(folder.path, 'a/b/c'), '');
    expect(summaries(await sensor.dispatched(3)).sort()).toEqual(['created a', 'created b', 'created c']);
    await rename(path.join(folder.path, 'old'), path.join(folder.path, 'new'));
    const moved = (await sensor.dispatched(5)).slice(3);
    expect(summaries(moved).sort()).toEqual(['moved inner', 'moved new']);
  });
});

test('a folder that is not there yet is watched once it comes', async () => {
  await using folder = await tempFolder();
  const later = path.join(folder.path, 'later');
  await using sensor = startPaths({ watch: [{ path: later, recursive: true }] });
  await sensor.logged('watching');
  await mkdir(path.join(later, 'sub'), { recursive: true });
  await writeFile(path.join(later, 'sub', 'file'), '');
  const before = await sensor.dispatched(3);
  expect(summaries(before).sort()).toEqual(['created file', 'created later', 'created sub']);
  await until('it is watched as a folder', () => sensor.log().split(`watching ${later}\n`).length === 3);
  await writeFile(path.join(later, 'last'), '');
  expect(summaries(await sensor.dispatched(4)).slice(3)).toEqual(['created last']);
});

describe('filewatch.line_appended', () => {
  test('tells each complete line, from the end that the file had', async () => {
    await using folder = await tempFolder();
    const file = path.join(folder.path, 'app.log');
    await writeFile(file, 'old\n');
    await using sensor = startLines({ follow: [file] });
    await sensor.logged('following');
    await appendFile(file, 'one\r\nhälf');
    await sensor.dispatched(1);
    await appendFile(file, ' and half\n\n');
    const payloads = await sensor.dispatched(3);
    expect(lines(payloads)).toEqual(['one', 'hälf and half', '']);
    expect(payloads[1]).toMatchObject({ path: file, name: 'app.log', offset: 9 });
    expect(await payloadProblems(APPENDED, payloads)).toEqual([]);
  });

  test('loses no line to rotation, nor to truncation', async () => {
    await using folder = await tempFolder();
    const file = path.join(folder.path, 'app.log');
    await writeFile(file, '');
    await using sensor = startLines({ follow: [file] });
    await sensor.logged('following');
    await appendFile(file, 'one\n');
    await sensor.dispatched(1);
    await appendFile(file, 'two\nlast without its end');
    await rename(file, `${file}.1`);
    await writeFile(file, 'three\n');
    expect(lines(await sensor.dispatched(4))).toEqual(['one', 'two', 'last without its end', 'three']);
    await truncate(file);
    await writeFile(file, 'a longer line than before\n');
    expect(lines(await sensor.dispatched(5)).at(-1)).toBe('a longer line than before');
  });

  test('goes on where it was, also when the file was rotated meanwhile', async () => {
    await using folder = await tempFolder();
    await using data = await tempFolder();
    const file = path.join(folder.path, 'app.log');
    const env = { STORMLET_DATASTORE: path.join(data.path, 'datastore.db') };
    const trigger = triggerOf(APPENDED, { path: file, from_start: true });
    await writeFile(file, 'zero\n');
    {
      await using first = startLines({}, [trigger], env);
      expect(lines(await first.dispatched(1, trigger.ref))).toEqual(['zero']);
      await noted(env.STORMLET_DATASTORE, `filewatch.LineSensor:${file}`, '"offset": 5');
      await first.stop();
    }
    await appendFile(file, 'one\n');
    {
      await using second = startLines({}, [trigger], env);
      expect(lines(await second.dispatched(1))).toEqual(['one']);
      await noted(env.STORMLET_DATASTORE, `filewatch.LineSensor:${file}`, '"offset": 9');
      await second.stop();
    }
    await appendFile(file, 'two\n');
    await rename(file, `${file}.1`);
    await writeFile(file, 'three\n');
    await using third = startLines({}, [trigger], env);
    expect(lines(await third.dispatched(2))).toEqual(['two', 'three']);
    expect(await readFile(`${file}.1`, 'utf8')).toBe('zero\none\ntwo\n');
  });

  test('a file that comes later is read from its start, and very long lines come in pieces', async () => {
    await using folder = await tempFolder();
    const file = path.join(folder.path, 'later.log');
    await using sensor = startLines({ follow: [file] });
    await sensor.logged('following');
    await writeFile(file, `${'x'.repeat(70_000)}\nshort\n`);
    const payloads = await sensor.dispatched(3);
    expect(lines(payloads).map((line) => line.length)).toEqual([65_536, 70_000 - 65_536, 5]);
  });
});

function startPaths(config: JsonObject, triggers: readonly Trigger[] = [], env: Record<string, string> = {}) {
  const settled = { settle_seconds: 0.2, ...config };
  const names = { pack: 'filewatch', sensor: 'path_sensor', className: 'PathSensor' };
  return startPackSensor({ python, ...names, config: settled, triggers, env });
}

function startLines(config: JsonObject, triggers: readonly Trigger[] = [], env: Record<string, string> = {}) {
  const names = { pack: 'filewatch', sensor: 'line_sensor', className: 'LineSensor', pollInterval: 0.05 };
  return startPackSensor({ python, ...names, config, triggers, env });
}

function summaries(payloads: readonly JsonObject[]): string[] {
  return payloads.map(({ event, name }) => `${event} ${name}`);
}

function lines(payloads: readonly JsonObject[]): string[] {
  return payloads.map(({ line }) => String(line));
}
