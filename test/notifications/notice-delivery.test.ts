import { describe, expect, test } from 'vitest';
import type { Notice } from '../../main/contract/notices.ts';
import { Settings } from '../../main/contract/settings.ts';
import { NoticeDelivery } from '../../main/notifications/notice-delivery.ts';
import { FakeClock } from '../support/fake-clock.ts';

const MINUTE_MS = 60_000;

function start(settings: object = {}) {
  const clock = new FakeClock();
  const posted: Notice[] = [];
  let next = 0;
  const delivery = new NoticeDelivery({
    clock,
    settings: () => Settings.parse({ notifications: settings }).notifications,
    newId: () => `collected-${++next}`,
    post: (notice) => posted.push(notice),
  });
  const shown = () => posted.filter(({ quiet }) => !quiet);
  const setClock = (time: string) => clock.advance(new Date(`2026-01-05T${time}:00`).getTime() - clock.now());
  return { clock, posted, shown, setClock, delivery };
}

function notice(id: string, given: Partial<Notice> = {}): Notice {
  return { id, at: 'now', level: 'success', title: 'demo.copy succeeded', body: '', source: 'rule', ...given };
}

const failure = { level: 'failure', title: 'demo.copy failed' } as const;
const night = { enabled: true, from: '22:00', to: '07:00', days: [0, 1, 2, 3, 4, 5, 6], letFailuresThrough: false };

describe('notices in a storm', () => {
  test('become one after the first few, and none is missing from the lists', () => {
    const { clock, posted, shown, delivery } = start();
    for (let id = 1; id <= 40; id += 1) delivery.deliver(notice(String(id), id === 40 ? failure : {}));
    expect(shown()).toHaveLength(5);
    expect(posted).toHaveLength(40);
    clock.advance(10_000);
    expect(shown().at(-1)).toMatchObject({
      level: 'failure',
      title: '35 more results, 1 of them failures',
      body: 'demo.copy failed\ndemo.copy succeeded (34 times)',
      collected: 35,
    });
  });

  test('leave through what waits for an answer and what somebody asked to be shown', () => {
    const { shown, delivery } = start();
    for (let id = 1; id <= 9; id += 1) delivery.deliver(notice(String(id)));
    delivery.deliver(notice('question', { level: 'info', asks: true }));
    delivery.deliver(notice('tea', { requested: true }));
    expect(shown().map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5', 'question', 'tea']);
  });

  test('that leave out a single one show that one itself', () => {
    const { clock, shown, delivery } = start();
    for (let id = 1; id <= 6; id += 1) delivery.deliver(notice(String(id), { execution: `e${id}` }));
    clock.advance(10_000);
    expect(shown().at(-1)).toEqual(notice('6', { execution: 'e6' }));
  });

  test('are each shown when they come one at a time', () => {
    const { clock, shown, delivery } = start();
    for (let id = 1; id <= 20; id += 1) {
      delivery.deliver(notice(String(id)));
      clock.advance(3_000);
    }
    expect(shown()).toHaveLength(20);
  });
});

describe('quiet hours', () => {
  test('gather what comes, and tell of it when they are over', () => {
    const { clock, posted, shown, setClock, delivery } = start({ quietHours: night });
    setClock('23:30');
    delivery.deliver(notice('1'));
    delivery.deliver(notice('2', failure));
    expect(posted.map(({ id, quiet }) => [id, quiet])).toEqual([
      ['1', true],
      ['2', true],
    ]);
    clock.advance(7 * 60 * MINUTE_MS);
    expect(shown()).toEqual([]);
    clock.advance(31 * MINUTE_MS);
    expect(shown()).toMatchObject([{ title: '2 more results, 1 of them failures', collected: 2 }]);
  });

  test('let failures and questions through where the settings say so', () => {
    const { shown, setClock, delivery } = start({ quietHours: { ...night, letFailuresThrough: true } });
    setClock('23:30');
    delivery.deliver(notice('1'));
    delivery.deliver(notice('2', failure));
    delivery.deliver(notice('3', { level: 'info', asks: true }));
    expect(shown().map(({ id }) => id)).toEqual(['2', '3']);
  });

  test('gather also what somebody asked to be shown, unless it cannot wait', () => {
    const { clock, shown, setClock, delivery } = start({ quietHours: night });
    setClock('23:00');
    delivery.deliver(notice('tea', { level: 'info', title: 'Tea', requested: true }));
    delivery.deliver(notice('fire', { level: 'info', title: 'Fire', requested: true, urgent: true }));
    expect(shown().map(({ id }) => id)).toEqual(['fire']);
    clock.advance(9 * 60 * MINUTE_MS);
    expect(shown().map(({ title }) => title)).toEqual(['Fire', 'Tea']);
  });

  test('that begin while successes are gathered keep those too', () => {
    const { clock, shown, setClock, delivery } = start({ quietHours: night, digestMinutes: 60 });
    setClock('21:30');
    delivery.deliver(notice('1'));
    clock.advance(90 * MINUTE_MS);
    expect(shown()).toEqual([]);
    clock.advance(9 * 60 * MINUTE_MS);
    expect(shown()).toMatchObject([{ id: '1' }]);
  });

  test('are over at once when they are switched off', () => {
    const settings = { quietHours: { ...night } };
    const { clock, shown, setClock, delivery } = start(settings);
    setClock('23:30');
    delivery.deliver(notice('1'));
    settings.quietHours.enabled = false;
    clock.advance(MINUTE_MS);
    expect(shown()).toMatchObject([{ id: '1' }]);
  });
});

test('a digest gathers successes and tells of a failure at once', () => {
  const { clock, shown, delivery } = start({ digestMinutes: 30 });
  delivery.deliver(notice('1'));
  delivery.deliver(notice('2', failure));
  delivery.deliver(notice('3'));
  expect(shown().map(({ id }) => id)).toEqual(['2']);
  clock.advance(30 * MINUTE_MS);
  expect(shown().at(-1)).toMatchObject({ level: 'success', title: '2 more results', collected: 2 });
});

test('after the end nothing is shown any more', () => {
  const { clock, posted, delivery } = start({ digestMinutes: 30 });
  delivery.deliver(notice('1'));
  delivery[Symbol.dispose]();
  clock.advance(60 * MINUTE_MS);
  expect(posted).toHaveLength(1);
});
