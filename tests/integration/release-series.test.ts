import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  addSeries,
  archiveSeries,
  beginSlot,
  changeSeries,
  comesOn,
  filledSlots,
  openSlots,
  pauseSeries,
  releaseSeries,
  type SeriesPlan,
} from '../../store/release-series.ts';
import {
  defaultPublishing,
  publishingSettings,
  publishingSettingsOf,
  savePublishingSettings,
} from '../../store/publishing-settings.ts';
import { releaseById } from '../../store/releases.ts';
import { startStaff, type Hand, type Staff } from '../support/staff.ts';

let staff: Staff;
let writer: Hand;
let other: Hand;
beforeAll(async () => {
  staff = await startStaff();
  writer = await staff.hand('press-officer', 'city', await staff.person('city', 'press-officer'));
  other = await staff.hand('press-officer', 'other', await staff.person('other', 'press-officer'));
});
afterAll(() => staff?.stop());

const plan = (name: string, change: Partial<SeriesPlan> = {}): SeriesPlan => ({
  ...{ name, type: 'law-by-case', templateId: null, weekdays: [3], monthDays: [] },
  ...{ minute: 540, channels: ['website', 'wechat'], ...change },
});
const add = (name: string, change: Partial<SeriesPlan> = {}) =>
  addSeries(writer.db, writer.actor, plan(name, change));
const all = (archived = false) => releaseSeries(writer.db, [writer.actor.officeId], archived);
// A Wednesday.
const DAY = '2026-11-25';

test('a column comes on its weekdays and its days of the month, the last day standing for those a month has not', () => {
  expect(comesOn(plan('a'), DAY)).toBe(true);
  expect(comesOn(plan('a'), '2026-11-26')).toBe(false);
  const end = plan('a', { weekdays: [], monthDays: [1, 31] });
  expect(['2026-11-01', '2026-11-30', '2027-02-28'].map((day) => comesOn(end, day))).toEqual([
    ...[true, true, true],
  ]);
  expect(comesOn(end, '2026-12-30')).toBe(false);
});

describe('a recurring column', () => {
  test('is made, changed, paused, taken up again, archived and restored', async () => {
    const id = await add('以案释法周刊');
    const before = await changeSeries(writer.db, writer.actor, id, plan('新名', { minute: 600 }));
    expect(before).toEqual(plan('以案释法周刊'));
    expect(await pauseSeries(writer.db, writer.actor, id, true)).toBe('新名');
    expect((await all()).find((each) => each.id === id)?.pausedAt).toBeInstanceOf(Date);
    await pauseSeries(writer.db, writer.actor, id, false);
    await archiveSeries(writer.db, writer.actor, id, true);
    expect((await all(true)).map((each) => each.id)).toContain(id);
    const paused = pauseSeries(writer.db, writer.actor, id, true);
    await expect(paused).rejects.toMatchObject({ code: 'series-gone' });
    await archiveSeries(writer.db, writer.actor, id, false);
    expect((await all()).find((each) => each.id === id)).toMatchObject({ minute: 600, pausedAt: null });
  });

  test('has a name of its own, a template that stands, and is out of another office’s reach', async () => {
    const id = await add('重名');
    await expect(add('重名')).rejects.toMatchObject({ code: 'series-taken' });
    await expect(add('没有模板', { templateId: 999_999 })).rejects.toMatchObject({ code: 'template-gone' });
    const changed = changeSeries(other.db, other.actor, id, plan('改'));
    await expect(changed).rejects.toMatchObject({ code: 'series-gone' });
    const begun = beginSlot(other.db, other.actor, { seriesId: id, day: DAY });
    await expect(begun).rejects.toMatchObject({ code: 'series-gone' });
  });

  test('has its day begun once, from its template, for its channels', async () => {
    const seriesId = await add('每周一案');
    const first = await beginSlot(writer.db, writer.actor, { seriesId, day: DAY });
    const release = await releaseById(writer.db, first);
    expect(release).toMatchObject({ type: 'law-by-case', state: 'draft' });
    expect(release?.document).not.toEqual({ type: 'doc', content: [] });
    const { website, weibo, wechat } = release?.details ?? {};
    expect([website?.on, weibo?.on, wechat?.on]).toEqual([true, false, true]);
    const again = beginSlot(writer.db, writer.actor, { seriesId, day: DAY });
    await expect(again).rejects.toMatchObject({ code: 'series-filled' });
    const elsewhere = beginSlot(writer.db, writer.actor, { seriesId, day: '2026-11-26' });
    await expect(elsewhere).rejects.toMatchObject({ code: 'series-gone' });
  });

  test('shows the days that nothing is planned for, and what is being written for them', async () => {
    const seriesId = await add('通气会预告', { weekdays: [3, 4] });
    const id = await beginSlot(writer.db, writer.actor, { seriesId, day: DAY });
    const slots = async () => {
      const filled = await filledSlots(writer.db, [writer.actor.officeId], '2026-11-23', '2026-11-29');
      const series = (await all()).filter((each) => each.id === seriesId);
      return openSlots(series, filled, ['2026-11-25', '2026-11-26'], '2026-11-25');
    };
    expect((await slots()).map(({ day, release }) => [day, release?.releaseId ?? null])).toEqual([
      [DAY, id],
      ['2026-11-26', null],
    ]);
    await writer.db.query(`update releases set state = 'scheduled' where id = $1`, [id]);
    expect((await slots()).map(({ day }) => day)).toEqual(['2026-11-26']);
    await pauseSeries(writer.db, writer.actor, seriesId, true);
    expect(await slots()).toEqual([]);
  });
});

test('an office publishes as shipped until it says otherwise, and what it says is its own', async () => {
  const { officeId } = writer.actor;
  expect(await publishingSettings(writer.db, officeId)).toEqual(defaultPublishing);
  const own = {
    ...{ quietFrom: null, quietUntil: null, gapMinutes: 45, missedAfterMinutes: 120, afterHours: 12 },
  };
  await savePublishingSettings(writer.db, writer.actor, own);
  await savePublishingSettings(writer.db, writer.actor, { ...own, gapMinutes: 60 });
  expect(await publishingSettings(writer.db, officeId)).toEqual({ ...own, gapMinutes: 60 });
  expect([...(await publishingSettingsOf(other.db, null)).keys()]).not.toContain(officeId);
});
