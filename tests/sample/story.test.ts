import { expect, test } from 'vitest';
import { siteKeys } from '../../sample/story/types.ts';
import { createWorld } from '../../sample/story/world.ts';
import { anchor, DAY, everything, HOUR, hourInShanghai, isWeekend, share, world } from './world-helpers.ts';

const history = everything(world, anchor);

test('two worlds with one seed and anchor tell the same story', () => {
  const other = createWorld({ seed: world.seed, anchor });
  expect(everything(other, anchor + 3 * HOUR)).toEqual(everything(world, anchor + 3 * HOUR));
});

test('a world that starts days later tells the same story without having seen the days before', () => {
  const until = anchor + 30 * HOUR;
  const late = createWorld({ seed: world.seed, anchor });
  const patient = createWorld({ seed: world.seed, anchor });
  for (let at = anchor - DAY; at < until; at += 5 * HOUR) everything(patient, at);
  expect(everything(late, until)).toEqual(everything(patient, until));
});

test('another seed tells another story', () => {
  const other = createWorld({ seed: world.seed + 1, anchor });
  const known = new Set(history.map((item) => item.text));
  expect(share(everything(other, anchor), (item) => known.has(item.text))).toBeLessThan(0.15);
});

test('as the clock moves, items are only added', () => {
  for (const site of siteKeys) {
    let before = world.items(site, anchor - HOUR);
    for (let at = anchor - HOUR; at < anchor + 4 * HOUR; at += 17 * 60_000) {
      const now = world.items(site, at);
      expect(now.slice(0, before.length)).toEqual(before);
      expect(now.every((item) => item.at <= at)).toBe(true);
      before = now;
    }
  }
});

test('asking twice without anything new gives the same array', () => {
  expect(world.items('atom', anchor)).toBe(world.items('atom', anchor));
});

test('items are sorted, ids are unique, and every answer belongs to something that stands before it', () => {
  const ids = new Map(history.map((item) => [item.id, item]));
  expect(ids.size).toBe(history.length);
  for (const site of siteKeys) {
    const times = world.items(site, anchor).map((item) => item.at);
    expect(times).toEqual(times.toSorted((left, right) => left - right));
  }
  for (const item of history) {
    for (const source of [item.threadId, item.reprintOf]) {
      if (source !== undefined) expect(ids.get(source)?.at).toBeLessThan(item.at);
    }
  }
});

test('find and replies see what has appeared and nothing later', () => {
  const replies = history.filter((item) => item.kind === 'reply');
  for (const reply of replies.slice(0, 60)) {
    expect(world.find(reply.id, reply.at)).toBe(reply);
    expect(world.find(reply.id, reply.at - 1)).toBeUndefined();
    expect(world.replies(reply.threadId ?? '', reply.at)).toContain(reply);
    expect(world.replies(reply.threadId ?? '', reply.at - 1)).not.toContain(reply);
  }
  for (const odd of ['', 'weibo-', 'nowhere-1', 'weibo-99999999999999999', 'news-1', 'forum-x']) {
    expect(world.find(odd, anchor)).toBeUndefined();
  }
});

test('sixty days hold five to six thousand items on all sites', () => {
  expect(history.length).toBeGreaterThan(5000);
  expect(history.length).toBeLessThan(6200);
  expect(Math.min(...history.map((item) => item.at))).toBeLessThan(anchor - 59 * DAY);
  for (const site of siteKeys) expect(world.items(site, anchor).length).toBeGreaterThan(40);
});

test('nights are quieter than days and weekends quieter than weekdays', () => {
  const calm = history.filter((item) => item.storyline === 'everyday');
  const perHour = (hours: number[]): number =>
    calm.filter((item) => hours.includes(hourInShanghai(item.at))).length / hours.length;
  expect(perHour([1, 2, 3, 4, 5])).toBeLessThan(perHour([14, 15, 16, 17]) / 3);
  expect(perHour([19, 20, 21])).toBeGreaterThan(perHour([14, 15, 16, 17]));
  const days = Array.from({ length: 60 }, (_, index) => anchor - (index + 1) * DAY);
  const weekendDays = days.filter(isWeekend).length;
  const weekend = calm.filter((item) => isWeekend(item.at)).length / weekendDays;
  const weekday = calm.filter((item) => !isWeekend(item.at)).length / (60 - weekendDays);
  expect(weekend).toBeLessThan(weekday * 0.85);
});

test('noise and near-duplicates have their shares', () => {
  const noise = share(history, (item) => item.storyline === 'noise');
  expect(noise).toBeGreaterThan(0.08);
  expect(noise).toBeLessThan(0.13);
  const copies = share(history, (item) => item.reprintOf !== undefined);
  expect(copies).toBeGreaterThan(0.06);
  expect(copies).toBeLessThan(0.11);
});

test('hardly any text is an exact copy of another', () => {
  expect(new Set(history.map((item) => item.text)).size).toBeGreaterThan(history.length * 0.95);
});

test('the campaign is praised, and only in its days', () => {
  const campaign = history.filter((item) => item.storyline === 'praised');
  expect(campaign.length).toBeGreaterThan(150);
  expect(share(campaign, (item) => item.tone === 'positive')).toBeGreaterThan(0.65);
  for (const item of campaign) {
    expect(item.at).toBeGreaterThanOrEqual(anchor - 20 * DAY);
    expect(item.at).toBeLessThan(anchor - 9 * DAY);
  }
});

test('the burst begins five hours before the anchor, grows two hours beyond it and fades within two days', () => {
  const burst = everything(world, anchor + 40 * HOUR).filter((item) => item.storyline === 'burst');
  const between = (from: number, to: number): number =>
    burst.filter((item) => item.at >= anchor + from * HOUR && item.at < anchor + to * HOUR).length;
  expect(Math.min(...burst.map((item) => item.at))).toBeGreaterThanOrEqual(anchor - 5 * HOUR);
  expect(between(-5, -4)).toBeGreaterThan(0);
  expect(between(-1, 0)).toBeGreaterThan(2.5 * between(-5, -3));
  expect(between(1, 2)).toBeGreaterThan(between(-1, 0));
  expect(between(12, 13)).toBeLessThan(between(1, 2) / 2);
  expect(between(39, 40)).toBeLessThan(8);
  expect(share(burst, (item) => item.tone === 'negative')).toBeGreaterThan(0.6);
  expect(share(burst, (item) => item.tone === 'neutral')).toBeGreaterThan(0.1);
});

test('the slow concern grows over 35 days and turns sour', () => {
  const slow = history.filter((item) => item.storyline === 'slow');
  const early = slow.filter((item) => item.at < anchor - 17.5 * DAY);
  const late = slow.filter((item) => item.at >= anchor - 17.5 * DAY);
  expect(Math.min(...slow.map((item) => item.at))).toBeGreaterThan(anchor - 35 * DAY);
  expect(late.length).toBeGreaterThan(early.length * 1.8);
  const negative = (list: typeof slow): number => share(list, (item) => item.tone === 'negative');
  expect(negative(late)).toBeGreaterThan(negative(early) + 0.08);
});

test('after the anchor something new appears every ten to forty seconds', () => {
  for (const from of [0, 8, 20, 60, 200]) {
    const hours = everything(world, anchor + (from + 4) * HOUR);
    const fresh = hours.filter((item) => item.at > anchor + from * HOUR).length;
    const seconds = (4 * 3600) / fresh;
    expect(seconds, `from hour ${from}`).toBeGreaterThan(10);
    expect(seconds, `from hour ${from}`).toBeLessThan(40);
  }
});

test('what a world holds does not grow without end', () => {
  const after = (days: number): number => everything(world, anchor + days * DAY).length;
  const ten = after(10);
  expect(after(20) - ten).toBeLessThan(2500);
});

test('a moment that is none is refused instead of searched for without end', () => {
  expect(() => world.items('news', Number.POSITIVE_INFINITY)).toThrow(RangeError);
  expect(() => world.items('news', Number.NaN)).toThrow(RangeError);
  expect(() => createWorld({ seed: 1, anchor: 0 })).toThrow('2020');
  expect(() => createWorld({ seed: 1, anchor: Number.NaN })).toThrow(RangeError);
});
