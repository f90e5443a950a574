import { waitingReviews } from '../../../store/review-queue.ts';
import { may, openDesk } from './desk.ts';
import type { Person } from './session.ts';

/** How many releases wait for this person's review: what stands at the entry of the navigation. */
export async function reviewCount(person: Person, now: Date): Promise<number> {
  if (!may(person, 'release-review')) return 0;
  const desk = await openDesk(person, 'release-review', '');
  return desk ? (await waitingReviews(desk.db, desk.offices, person, now)).mine.length : 0;
}
