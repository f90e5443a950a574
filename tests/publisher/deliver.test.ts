import { describe, expect, test } from 'vitest';
import { Leases, Lost } from '../../publisher/deliver-engine.ts';
import { lookPause, missedAt, patience, retryPause, siteOrder } from '../../publisher/deliver-rules.ts';
import { messages } from '../../publisher/messages.ts';
import type { DeliveryState } from '../../store/deliveries.ts';

const due = new Date('2026-11-22T08:00:00.000Z');
const later = new Date(due.getTime() + 60_000);

test('what is too late is missed after the minutes of its office, else after those of the hub', () => {
  expect(missedAt({ dueAt: due, missedAfterMinutes: null }, 60)).toEqual(
    new Date('2026-11-22T09:00:00.000Z'),
  );
  expect(missedAt({ dueAt: due, missedAfterMinutes: 5 }, 60)).toEqual(new Date('2026-11-22T08:05:00.000Z'));
});

test('pauses grow up to the longest, and never end', () => {
  const pauses = Array.from({ length: 40 }, (_, tries) => retryPause(patience, tries));
  expect(pauses.toSorted((a, b) => a - b)).toEqual(pauses);
  expect(pauses.at(0)).toBe(patience.retryMs);
  expect(pauses.at(-1)).toBe(patience.longestRetryMs);
  expect(lookPause(patience, 400)).toBe(patience.lookMs.at(-1));
});

describe('what links to the page', () => {
  const order = (channel: 'website' | 'weibo' | 'wechat', state: DeliveryState | null, siteDueAt = due) =>
    siteOrder({ channel, dueAt: due, site: state && { state, dueAt: siteDueAt, path: '/news/1' } });

  test.each<DeliveryState>(['waiting', 'sending', 'unknown', 'processing'])(
    'waits while it is %s',
    (state) => {
      expect(order('weibo', state)).toBe('wait');
      expect(order('wechat', state)).toBe('wait');
      expect(order('website', state)).toBe('go');
    },
  );

  test('goes once it stands, or where there is to be none', () => {
    for (const state of ['published', 'cancelled', null] as const) expect(order('weibo', state)).toBe('go');
  });

  test.each<DeliveryState>(['missed', 'failed', 'refused', 'withdrawn'])(
    'stands still when the page was to be there and is %s',
    (state) => expect(order('weibo', state)).toBe('gone'),
  );

  test('waits for a page that is planned for later only where it cannot do without', () => {
    expect(order('weibo', 'waiting', later)).toBe('wait');
    expect(order('wechat', 'waiting', later)).toBe('go');
  });
});

describe('a process', () => {
  test('sends nothing for a claim that it does not hold, or not any more', () => {
    const leases = new Leases(30);
    expect(() => leases.check(1)).toThrow(Lost);
    leases.hold(1);
    expect(() => leases.check(1)).not.toThrow();
    leases.hold(1, performance.now() - 30_000);
    expect(() => leases.check(1)).toThrow(Lost);
    leases.hold(1);
    leases.drop(1);
    expect(() => leases.check(1)).toThrow(Lost);
  });
});

test('what was missed is told with how late it was, what stood in the way and what to do', () => {
  const said = messages.missed(75, '今日次数已用完。');
  expect(said).toContain('75 分钟');
  expect(said).toContain('重新安排');
  expect(said).toContain('今日次数已用完');
});
