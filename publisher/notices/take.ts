import { mailTime, toBeSeenTo, type NoticeLevel } from '../../config/notices.ts';
import { dutyLine } from '../../store/duty-roster.ts';
import { tellLive } from '../../store/live.ts';
import {
  addDelivery,
  addNews,
  addReaders,
  escalationTime,
  insertNotice,
  readerIds,
  robotIdsFor,
  sameNotice,
  staffOf,
  takeRequest,
  type Staff,
  type TakenRequest,
  type Why,
} from '../../store/notice-taking.ts';
import { settingsOf } from '../../store/notice-settings.ts';
import { transaction, type Store } from '../../store/pool.ts';

/** From here on whoever is on duty gets mail too, at any hour: that is what duty is. */
const DUTY_MAIL: readonly NoticeLevel[] = ['yellow', 'orange', 'red'];

/**
 * Makes a notice of the oldest request, or adds it to the notice about the same: says who reads it, which robots and mailboxes
 * get it and when, all in one transaction with taking it.
 * @param mail whether mail can be sent at all
 * @returns false when there was no request
 */
export async function takeOne(store: Store, now: Date, mail: boolean): Promise<boolean> {
  return transaction(store, async (client) => {
    const request = await takeRequest(client);
    if (!request) return false;
    const { officeId, level, kind, subject, actedBy } = request;
    const trouble = kind === 'undelivered';
    const named = request.toPeople !== null || request.toRoles !== null;
    const settings = await settingsOf(client, officeId);
    const escalateAt = toBeSeenTo.includes(kind) ? escalationTime(now, settings, level) : null;
    const since = new Date(now.getTime() - settings.bundleMinutes * 60_000);
    const same = await sameNotice(client, request, since);
    if (same !== null) await addNews(client, same, request, now, escalateAt);
    const notice = { id: same ?? (await insertNotice(client, request, now, escalateAt)), officeId };

    const [first] = trouble || named ? [] : await dutyLine(client, officeId, now, settings);
    const all = (await staffOf(client, officeId)).filter(({ personId }) => personId !== actedBy);
    const staff = named ? meant(all, request) : all;
    const had = same === null ? [] : await readerIds(client, same);
    const readers = trouble ? keepersOf(staff) : named ? chosen(staff) : readersOf(staff, first, level);
    const others = readers.filter(({ personId }) => !had.includes(personId));
    await addReaders(client, notice, others, now);
    const purpose = same === null ? 'first' : 'more';
    const apart = same === null ? 0 : settings.bundleMinutes;
    for (const robotId of trouble || named ? [] : await robotIdsFor(client, officeId, level)) {
      await addDelivery(client, notice, { robotId }, purpose, now, now, apart);
    }
    // Mail that says that mail does not arrive would not arrive, and so on for ever.
    if (mail && (!trouble || subject.startsWith('robot:'))) {
      for (const each of trouble ? staff.filter(({ keeper }) => keeper) : staff) {
        const dueAt = mailDue(each, first, level, now);
        if (dueAt) await addDelivery(client, notice, { personId: each.personId }, purpose, now, dueAt, apart);
      }
    }
    await tellLive(client, { kind: 'notice', officeId });
    return true;
  });
}

/** Who has it in their list: whoever is on duty, and everybody who wants to know of such a level. */
export function readersOf(
  staff: readonly Staff[],
  onDuty: string | undefined,
  level: NoticeLevel,
): { personId: string; why: Why }[] {
  return staff
    .filter(({ personId, appLevels }) => personId === onDuty || appLevels.includes(level))
    .map(({ personId }) => ({ personId, why: personId === onDuty ? 'duty' : 'chosen' }));
}

/** Who learns that something did not arrive: those who can mend it, whatever they want to be told; else everybody. */
function keepersOf(staff: readonly Staff[]): { personId: string; why: Why }[] {
  const keepers = staff.filter(({ keeper }) => keeper);
  return chosen(keepers.length > 0 ? keepers : staff);
}

/** Whom a request is for; where they are all gone, those who look after the office, so that it is not lost. */
function meant(
  staff: readonly Staff[],
  { toPeople, toRoles }: Pick<TakenRequest, 'toPeople' | 'toRoles'>,
): readonly Staff[] {
  const them = staff.filter(
    ({ personId, roles }) =>
      toPeople?.includes(personId) || (toRoles ?? []).some((role) => roles.includes(role)),
  );
  return them.length > 0 ? them : staff.filter(({ keeper }) => keeper);
}

function chosen(staff: readonly Staff[]): { personId: string; why: Why }[] {
  return staff.map(({ personId }) => ({ personId, why: 'chosen' }));
}

/** When somebody gets mail about it; null: not at all. */
export function mailDue(
  person: Staff,
  onDuty: string | undefined,
  level: NoticeLevel,
  now: Date,
): Date | null {
  if (person.personId === onDuty && DUTY_MAIL.includes(level)) return now;
  return person.mailLevels.includes(level) ? mailTime(now, person, level) : null;
}
