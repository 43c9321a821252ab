import { EventEmitter } from 'node:events';
import type { SaveDialogOptions } from 'electron';
import { expect, test } from 'vitest';
import { preventable } from './fake-parts.ts';
import { only, startFakeShell } from './start-fake-shell.ts';

class FakeDownload extends EventEmitter {
  readonly #url: string;
  dialog: SaveDialogOptions | undefined;

  constructor(url: string) {
    super();
    this.#url = url;
  }

  getURL = () => this.#url;
  getFilename = () => 'history.json';
  getSavePath = () => '/full/history.json';
  setSaveDialogOptions(options: SaveDialogOptions): void {
    this.dialog = options;
  }
}

function download(url: string) {
  const shell = startFakeShell();
  const event = preventable();
  const item = new FakeDownload(url);
  shell.session.emit('will-download', event, item);
  return { ...shell, event, item };
}

test('what the page exports goes where the person says, by the system’s own dialog', () => {
  const { event, item, notifications } = download('blob:app://stormlet/5f0c');
  expect(event.isPrevented).toBe(false);
  expect(item.dialog?.filters).toEqual([{ name: 'JSON', extensions: ['json'] }]);
  item.emit('done', {}, 'completed');
  expect(notifications).toEqual([]);
});

test('an export that could not be saved is told', () => {
  const { item, notifications, logged } = download('blob:app://stormlet/5f0c');
  item.emit('done', {}, 'interrupted');
  expect(only(notifications).options.title).toBe('The export could not be saved');
  expect(logged.join()).toContain('/full/history.json');
});

test.each([
  'https://example.org/x.exe',
  'app://stormlet/index.html',
  'data:text/plain,x',
  'blob:app://stormlet.evil/1',
])('nothing else is downloaded: %s', (url) => {
  const { event, item, logged } = download(url);
  expect(event.isPrevented).toBe(true);
  expect(item.dialog).toBeUndefined();
  expect(logged.join()).toContain('a download was refused');
});
