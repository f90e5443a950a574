import { dutyLine } from '../../store/duty-roster.ts';
import { tellLive } from '../../store/live.ts';
import {
  addDelivery,
  addReaders,
  dutyReaderIds,
  escalationTime,
  readerIds,
  robotIdsFor,
  setStep,
  staffOf,
  takeUnseen,
  type Why,
} from '../../store/notice-taking.ts';
import { settingsOf } from '../../store/notice-settings.ts';
import { transaction, type Store } from '../../store/pool.ts';

/** Told first, then the next on the roster, then the leaders; after that there is nobody left to tell. */
const LAST_STEP = 2;

/**
 * Takes one notice that nobody has seen to in time a step further: those of the next step find it in their list, whatever
 * they want to be told otherwise, get mail at any hour, and the robots of its level say that it still waits. A step that
 * has nobody is passed over.
 * @returns false when there was none
 */
export async function escalateOne(store: Store, now: Date, mail: boolean): Promise<boolean> {
  return transaction(store, async (client) => {
    const notice = await takeUnseen(client, now);
    if (!notice) return false;
    const { id, officeId, level } = notice;
    if (notice.settled || notice.step >= LAST_STEP) {
      await setStep(client, id, notice.step, null);
      return true;
    }
    const settings = await settingsOf(client, officeId);
    let { step } = notice;
    let told: { personId: string; why: Why }[] = [];
    while (told.length === 0 && step < LAST_STEP) {
      step += 1;
      if (step === 1) {
        const before = await dutyReaderIds(client, id);
        const line = await dutyLine(client, officeId, now, settings);
        const next = line.find((personId) => !before.includes(personId));
        if (next !== undefined && before.length > 0) told = [{ personId: next, why: 'next' }];
        // Nobody was on duty when it came, and somebody is now.
        else if (next !== undefined) told = [{ personId: next, why: 'duty' }];
      } else {
        const staff = await staffOf(client, officeId);
        told = staff.filter(({ leader }) => leader).map(({ personId }) => ({ personId, why: 'leader' }));
      }
    }
    await addReaders(client, notice, told, now);
    if (mail) {
      for (const { personId } of told) {
        await addDelivery(client, notice, { personId }, 'reminder', now, now);
      }
    }
    if (told.length > 0 || (await readerIds(client, id)).length > 0) {
      for (const robotId of await robotIdsFor(client, officeId, level)) {
        await addDelivery(client, notice, { robotId }, 'reminder', now, now);
      }
    }
    await setStep(client, id, step, step < LAST_STEP ? escalationTime(now, settings, level) : null);
    await tellLive(client, { kind: 'notice', officeId });
    return true;
  });
}
