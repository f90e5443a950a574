import { fail, redirect } from '@sveltejs/kit';
import { channels, releaseTypes } from '../../../../config/release-types.ts';
import { Refused } from '../../../../config/errors.ts';
import { shanghaiDay } from '../../../../config/shanghai.ts';
import { calendarEntries, embargoes, CALENDAR_MOST } from '../../../../store/calendar.ts';
import { rescheduleDelivery } from '../../../../store/delivery-schedule.ts';
import { beginSlot, filledSlots, openSlots, releaseSeries } from '../../../../store/release-series.ts';
import { defaultPublishing, publishingSettingsOf } from '../../../../store/publishing-settings.ts';
import { addDays, beginOf, conflictsOf, daysOf, readDay, views } from '../../../lib/calendar.ts';
import { fullTime } from '../../../lib/format.ts';
import { calendarMessages as words } from '../../../lib/messages/calendar.ts';
import { acting, may, reading } from '../../../lib/server/desk.ts';
import { orFail } from '../../../lib/server/form.ts';
import { chosenOffice } from '../../../lib/server/office-view.ts';
import { readId } from '../../../lib/server/read-id.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('live:releases');
  const desk = reading(locals);
  const { db } = desk;
  const { offices, view: office } = await chosenOffice(desk, url.searchParams);
  const today = shanghaiDay(new Date());
  const view = views.find((known) => known === url.searchParams.get('view')) ?? 'month';
  const day = readDay(url.searchParams.get('day'), today);
  const days = daysOf(view, day);
  const [from, until] = [beginOf(days[0] ?? day), beginOf(addDays(days.at(-1) ?? day, 1))];
  const [all, waiting, settings, series, filled] = await Promise.all([
    calendarEntries(db, offices, from, until),
    embargoes(db, offices, from, until),
    publishingSettingsOf(db, offices),
    releaseSeries(db, offices),
    filledSlots(db, offices, days[0] ?? day, days.at(-1) ?? day),
  ]);
  const channel = channels.find((known) => known === url.searchParams.get('channel')) ?? null;
  const type = releaseTypes.find((known) => known === url.searchParams.get('type')) ?? null;
  const conflicts = conflictsOf(all, (officeId) => settings.get(officeId) ?? defaultPublishing);
  const entries = all
    .filter((entry) => (!channel || entry.channel === channel) && (!type || entry.type === type))
    .map((entry) => ({ ...entry, conflicts: conflicts.get(entry.id) ?? [] }));
  const columns = series.filter(
    (each) => (!channel || each.channels.includes(channel)) && (!type || each.type === type),
  );
  return {
    slots: openSlots(columns, filled, days, today).map(({ officeId, ...slot }) => ({
      ...slot,
      /** What is made belongs to the person's own office. */
      mine: officeId === desk.office,
    })),
    maySchedule: may(desk.person, 'release-schedule'),
    ...{ office, view, day, days, today, channel, type, entries },
    embargoes: channel || type ? [] : waiting,
    cut: all.length >= CALENDAR_MOST ? CALENDAR_MOST : null,
    manners: settings.get(desk.office) ?? defaultPublishing,
    mayMove: may(desk.person, 'release-schedule'),
    mayWrite: may(desk.person, 'release-write'),
  };
};

export const actions: Actions = {
  begin: async ({ locals, request }) => {
    const { db, actor } = acting(locals);
    const sent = await request.formData();
    const named = String(sent.get('series') ?? '');
    if (named === '') return fail(400, { message: words.badMove });
    const seriesId = readId(named);
    const day = readDay(String(sent.get('day') ?? ''), '');
    const id = await orFail(() => beginSlot(db, actor, { seriesId, day }));
    return typeof id === 'number' ? redirect(303, `/releases/${id}`) : id;
  },

  move: async ({ locals, request }) => {
    const { db, actor } = acting(locals);
    const sent = await request.formData();
    const time = (name: string) => new Date(String(sent.get(name) ?? ''));
    const [dueAt, was] = [time('dueAt'), time('was')];
    if (Number.isNaN(dueAt.getTime()) || Number.isNaN(was.getTime()))
      return fail(400, { message: words.badMove });
    const id = readId(String(sent.get('id') ?? ''));
    const now = new Date();
    try {
      await rescheduleDelivery(db, actor, id, { dueAt, was }, now);
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
      return fail(409, { message: thrown.message });
    }
    const title = String(sent.get('title') ?? '').slice(0, 120);
    const undone = sent.get('undo') === '1';
    return {
      done: undone ? words.undone : words.dropped(title, fullTime(dueAt)),
      moved: undone ? null : { id, title, dueAt, was },
    };
  },
};
