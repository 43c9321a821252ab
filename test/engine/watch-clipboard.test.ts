import { expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import { ClipboardWatch } from '../../main/engine/watch-clipboard.ts';
import { createLog } from '../../main/kit/log.ts';
import { FakeClock } from '../support/fake-clock.ts';

test('only changes of text are dispatched, from the second look on, and cut where they are long', async () => {
  const desk = startWatch({ watch: true, max_characters: 5 });
  await desk.show('before');
  await desk.show('before');
  await desk.show('hello world');
  await desk.show('hello world');
  await desk.show(undefined);
  await desk.show('hi');
  expect(desk.dispatched).toMatchObject([
    { text: 'hello', length: 11, is_cut: true },
    { text: 'hi', length: 2, is_cut: false },
  ]);
  expect(desk.log.join()).not.toContain('hello');
});

test('the clipboard is not read before the configuration asks for it, nor after', async () => {
  const desk = startWatch({});
  await desk.show('one');
  expect(desk.reads()).toBe(0);
  desk.configure({ watch: true });
  await desk.show('two');
  expect(desk.reads()).toBeGreaterThan(0);
  desk.configure({ watch: false });
  const before = desk.reads();
  await desk.show('three');
  expect(desk.reads()).toBe(before);
  desk.configure({ watch: true });
  await desk.show('three');
  // What came while nobody was to look is no news.
  expect(desk.dispatched).toMatchObject([{ text: 'two' }]);
  expect(desk.dispatched).toHaveLength(1);
});

test('a clipboard that cannot be read is tried again', async () => {
  const desk = startWatch({ watch: true });
  await desk.show('one');
  await desk.show(new Error('busy'));
  await desk.show('two');
  expect(desk.dispatched).toMatchObject([{ text: 'two' }]);
});

function startWatch(config: JsonObject) {
  const clock = new FakeClock();
  const dispatched: JsonObject[] = [];
  const log: string[] = [];
  let [current, content, reads] = [config, undefined as string | Error | undefined, 0];
  const watch = new ClipboardWatch({
    clipboard: {
      async readText() {
        reads += 1;
        if (content instanceof Error) throw content;
        return content;
      },
      writeText: async () => {},
    },
    clock,
    log: createLog((line) => log.push(line), 'debug'),
    config: () => current,
    dispatch: (payload) => dispatched.push(payload),
  });
  watch.sync();
  return {
    dispatched,
    log,
    reads: () => reads,
    configure(changed: JsonObject) {
      current = changed;
      watch.sync();
    },
    /** Puts it into the clipboard between two looks, and lets the next one come to its end. */
    async show(next: string | Error | undefined) {
      await new Promise((resolve) => setImmediate(resolve));
      content = next;
      clock.advance(1000);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
