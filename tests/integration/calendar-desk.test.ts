import { afterAll, beforeAll, expect, test } from 'vitest';
import { shanghaiDay } from '../../config/shanghai.ts';
import { hubActor } from '../../store/actor.ts';
import { calendarEntries } from '../../store/calendar.ts';
import { deliveryById } from '../../store/deliveries.ts';
import { scheduleRelease } from '../../store/delivery-schedule.ts';
import { addSeries, releaseSeries } from '../../store/release-series.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { approvedRelease } from '../support/releases.ts';
import {
  ask,
  makePerson,
  sendForm,
  signIn,
  startTestWeb,
  type Session,
  type TestWeb,
} from '../support/web.ts';

const HOUR = 3_600_000;

let engines: TestEngines;
let web: TestWeb;
let press: Session;
let analyst: Session;
beforeAll(async () => {
  engines = await startTestEngines();
  web = await startTestWeb(engines);
  const person = async (name: string, role: 'press-officer' | 'analyst') =>
    signIn(engines.store, web.address, await makePerson(engines.store, name, engines.officeId, role));
  press = await person('press', 'press-officer');
  analyst = await person('analyst', 'analyst');
});
afterAll(async () => {
  await web?.stop();
  await engines?.stop();
});

const actor = () => ({ ...hubActor('test', engines.officeId), id: 'press' });
const send = (path: string, fields: Record<string, string>, by = press) =>
  sendForm(web.address, by, path, fields);
const inHours = (hours: number) => new Date(Math.ceil(Date.now() / HOUR) * HOUR + hours * HOUR);

/** A release that is due on the website. @returns its delivery */
async function planned(dueAt: Date): Promise<number> {
  const { store } = engines;
  const release = await approvedRelease(store, actor());
  const plan = [{ accountId: 'website', dueAt }] as const;
  const [id = 0] = await scheduleRelease(store, actor(), release, plan, new Date());
  return id;
}
const dueOf = async (id: number) => (await deliveryById(engines.store, id))?.dueAt;
const move = (id: number, was: Date, dueAt: Date, by = press) =>
  send(
    '/calendar?/move',
    { id: String(id), title: '开放日', was: was.toISOString(), dueAt: dueAt.toISOString() },
    by,
  );

test('what is moved in the calendar goes out at the new time, and back where it was taken from', async () => {
  const [was, to] = [inHours(30), inHours(54)];
  const id = await planned(was);
  expect((await move(id, was, to)).status).toBe(200);
  expect(await dueOf(id)).toEqual(to);
  expect((await move(id, to, was)).status).toBe(200);
  expect(await dueOf(id)).toEqual(was);
});

test('a move is refused where somebody moved it before, into the past, and to those who may not', async () => {
  const [was, to] = [inHours(31), inHours(55)];
  const id = await planned(was);
  await move(id, was, to);
  await move(id, was, inHours(60));
  expect(await dueOf(id)).toEqual(to);
  await move(id, to, new Date(Date.now() - HOUR));
  expect(await dueOf(id)).toEqual(to);
  expect((await move(id, to, was, analyst)).status).toBe(403);
  expect(await dueOf(id)).toEqual(to);
});

test('the calendar asks for a span of time, of the offices given, without what was cancelled', async () => {
  const { store, officeId } = engines;
  const [first, second] = [await planned(inHours(200)), await planned(inHours(201))];
  await store.query(`update deliveries set state = 'cancelled' where id = $1`, [second]);
  const found = await calendarEntries(store, [officeId], inHours(200), inHours(202));
  expect(found.map(({ id }) => id)).toEqual([first]);
  expect(found[0]).toMatchObject({ channel: 'website', state: 'waiting', held: false });
  expect(await calendarEntries(store, [officeId], inHours(201), inHours(202))).toEqual([]);
  expect(await calendarEntries(store, [], inHours(200), inHours(202))).toEqual([]);
});

test('an open day of a recurring column is in the calendar, and begins its release with one click', async () => {
  const name = '云州检察周刊';
  const plan = { name, type: 'law-by-case', templateId: null, monthDays: [], minute: 540 } as const;
  const seriesId = await addSeries(engines.store, actor(), {
    ...{ ...plan, monthDays: [], weekdays: [1, 2, 3, 4, 5, 6, 7], channels: ['website'] },
  });
  const day = shanghaiDay(new Date());
  const page = await ask(web.address, 'GET', '/calendar?view=list', press.cookie);
  expect(page.text).toContain(name);
  const begun = await send('/calendar?/begin', { series: String(seriesId), day });
  expect(begun.status).toBe(303);
  expect(begun.location).toMatch(/^\/releases\/\d+$/);
  expect((await send('/calendar?/begin', { series: String(seriesId), day }, analyst)).status).toBe(403);
});

test('the page of columns keeps one, says what is missing, and is not for those who plan nothing', async () => {
  const fields = { name: '通气会', type: 'press-conference', monthDays: '1、15', time: '09:30' };
  const made = () => releaseSeries(engines.store, [engines.officeId]);
  await send('/calendar/series?/add', fields);
  expect((await made()).some((each) => each.name === '通气会')).toBe(false);
  await send('/calendar/series?/add', { ...fields, channel: 'website' });
  expect((await made()).find((each) => each.name === '通气会')).toMatchObject({
    ...{ monthDays: [1, 15], weekdays: [], minute: 570, channels: ['website'] },
  });
  expect((await ask(web.address, 'GET', '/calendar/series', press.cookie)).status).toBe(200);
  expect((await ask(web.address, 'GET', '/calendar/series', analyst.cookie)).status).toBe(403);
});

test('the page of columns keeps how the office publishes, and takes no half of the quiet hours', async () => {
  const fields = { quietFrom: '21:00', quietUntil: '06:30', gap: '20', missed: '', after: '48' };
  await send('/calendar/series?/settings', { ...fields, quietUntil: '' });
  const kept = () =>
    engines.store.query('select quiet_from, quiet_until, gap_minutes from publishing_settings');
  expect((await kept()).rows).toEqual([]);
  await send('/calendar/series?/settings', fields);
  expect((await kept()).rows).toEqual([{ quiet_from: 1260, quiet_until: 390, gap_minutes: 20 }]);
});
