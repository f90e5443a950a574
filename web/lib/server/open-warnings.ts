import type { Store } from '../../../store/pool.ts';
import type { Offices } from '../../../store/scope.ts';
import { standstills } from '../../../store/standstills.ts';
import { countOpen, openWarnings } from '../../../store/warnings.ts';
import { stoppedOf } from '../warning-board.ts';
import { openDesk } from './desk.ts';
import type { Person } from './session.ts';

/** The overview shows no more than so many. */
const MOST = 4;

/** The gravest open warnings above blue, for the overview's strip, and how many blue ones there are beside. */
export async function warningStrip(db: Store, offices: Offices, now: Date) {
  const [open, still] = await Promise.all([openWarnings(db, offices), standstills(db, offices, now)]);
  const grave = open.filter(({ level }) => level !== 'blue' && level !== 'green');
  return {
    shown: grave.slice(0, MOST).map(({ id, title, level, state, officeName, suggestedAt, ...rest }) => {
      const { confirmedAt, respondBy, evidence } = rest;
      return { id, title, level, state, officeName, suggestedAt, confirmedAt, respondBy, why: evidence.why };
    }),
    more: Math.max(0, grave.length - MOST),
    blue: open.length - grave.length,
    stopped: stoppedOf(still),
  };
}

/** How many warnings are open within the person's reach: what stands at the entry of the navigation. */
export async function openCount(person: Person, address: string): Promise<number> {
  const desk = await openDesk(person, 'warning-read', address);
  return desk ? (await countOpen(desk.db, desk.offices)).open : 0;
}
