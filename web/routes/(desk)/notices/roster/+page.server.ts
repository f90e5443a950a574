import { fail } from '@sveltejs/kit';
import { dutyAfter, dutyAt, shifts } from '../../../../../config/notices.ts';
import { shanghaiDay } from '../../../../../config/shanghai.ts';
import {
  dutyDays,
  dutyPeople,
  dutyWeek,
  MOST_ON_DUTY,
  onDuty,
  setDutyDay,
  setDutyWeek,
} from '../../../../../store/duty-roster.ts';
import { saveSettings, settingsOf } from '../../../../../store/notice-settings.ts';
import { noticeMessages } from '../../../../lib/messages/notices.ts';
import { acting, mayIn, reading, type Desk } from '../../../../lib/server/desk.ts';
import { field } from '../../../../lib/server/form.ts';
import { minutesField, peopleField } from '../../../../lib/server/notice-form.ts';
import type { Actions, PageServerLoad } from './$types';

const words = noticeMessages.roster;
const LONGEST_NOTE = 40;

export const load: PageServerLoad = async ({ locals }) => {
  const { db, office, person } = reading(locals);
  const now = new Date();
  const settings = await settingsOf(db, office);
  const duty = dutyAt(now, settings);
  const next = dutyAfter(duty);
  return {
    week: await dutyWeek(db, office),
    // A night that began yesterday may still run.
    days: await dutyDays(db, office, duty.day),
    people: await dutyPeople(db, office),
    ...{ dayBegins: settings.dayBegins, nightBegins: settings.nightBegins },
    ...{ duty, on: await onDuty(db, office, duty), next: { ...next, on: await onDuty(db, office, next) } },
    today: shanghaiDay(now),
    manages: mayIn(person, 'notice-settings', office),
  };
};

/** The people that a form names; null when one of them does not work here. */
async function named({ db, office }: Desk, sent: FormData): Promise<string[] | null> {
  const ids = peopleField(sent, 'person').slice(0, MOST_ON_DUTY);
  const known = new Set((await dutyPeople(db, office)).map(({ id }) => id));
  return ids.every((id) => known.has(id)) ? ids : null;
}

const shiftOf = (sent: FormData) => shifts.find((known) => known === field(sent, 'shift')) ?? 'day';

export const actions: Actions = {
  week: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const personIds = await named(desk, sent);
    const weekday = Number(field(sent, 'weekday'));
    if (!personIds || !Number.isInteger(weekday) || weekday < 1 || weekday > 7) {
      return fail(400, { message: words.wrongPerson });
    }
    await setDutyWeek(desk.db, desk.actor, { weekday, shift: shiftOf(sent), personIds });
    return { done: words.saved };
  },

  day: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const day = field(sent, 'day');
    if (!isDay(day) || day < shanghaiDay(new Date())) return fail(400, { message: words.wrongDay });
    const personIds = await named(desk, sent);
    if (!personIds) return fail(400, { message: words.wrongPerson });
    const note = field(sent, 'note').trim().slice(0, LONGEST_NOTE);
    await setDutyDay(desk.db, desk.actor, { day, shift: shiftOf(sent), personIds, note });
    return { done: words.saved };
  },

  drop: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const day = field(sent, 'day');
    if (!isDay(day)) return fail(400, { message: words.wrongDay });
    await setDutyDay(desk.db, desk.actor, { day, shift: shiftOf(sent), personIds: null, note: '' });
    return { done: words.dropped };
  },

  hours: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const [dayBegins, nightBegins] = [minutesField(sent, 'dayBegins'), minutesField(sent, 'nightBegins')];
    if (dayBegins === null || nightBegins === null || dayBegins >= nightBegins) {
      return fail(400, { message: words.wrongHours });
    }
    const before = await settingsOf(desk.db, desk.office);
    await saveSettings(desk.db, desk.actor, { ...before, dayBegins, nightBegins });
    return { done: words.saved };
  },
};

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}
