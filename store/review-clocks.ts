import { shanghaiTime } from '../config/shanghai.ts';
import { waitingStages } from '../config/review-rules.ts';
import { tellLive } from './live.ts';
import { messages } from './messages.ts';
import { requestNotice } from './notice-requests.ts';
import { transaction, type Store } from './pool.ts';
import { reviewersFor, titled } from './review-notices.ts';
import { roundById, walkOf } from './review-rounds.ts';

const words = messages.releaseReviews.told;
/** At most so many are told of at a time; the rest with the next tick. */
const AT_ONCE = 100;

/**
 * Tells of reviews that an urgent release still owes when their time is over, each once: those who can do them and those who
 * let it go out. Safe to call from any number of clocks: who marks a row tells of it, in the same transaction.
 * @param store of every office
 * @returns how many rounds were told of
 */
export async function tellLateReviews(store: Store, now: Date): Promise<number> {
  return transaction(store, async (client) => {
    const found = await client.query<{ id: number; title: string }>(
      `update review_rounds d set after_told_at = $1 from releases r
       where r.id = d.release_id and d.id in (
         select id from review_rounds where after_due_at is not null and after_due_at <= $1 and after_told_at is null
         order by after_due_at limit ${AT_ONCE} for update skip locked)
       returning d.id, r.title`,
      [now],
    );
    for (const { id, title } of found.rows) {
      const round = await roundById(client, id);
      if (!round?.afterDueAt) continue;
      const walk = walkOf(round);
      const stages = waitingStages(walk);
      const able = await Promise.all(stages.map((stage) => reviewersFor(client, walk, stage)));
      const toPeople = new Set([
        ...able.flatMap((people) => people ?? []).map((person) => person.id),
        ...walk.passed.map(({ personId }) => personId),
        ...walk.authors,
      ]);
      const { officeId, releaseId } = round;
      await requestNotice(client, {
        ...{ officeId, kind: 'review-overdue', warningId: null, level: 'orange' },
        ...{ subject: `release:${releaseId}`, title: titled(title), path: `/releases/${releaseId}/review` },
        text: words.late(stages, shanghaiTime(round.afterDueAt)),
        toPeople: [...toPeople],
      });
      await tellLive(client, { kind: 'release', officeId, releaseId });
    }
    return found.rows.length;
  });
}
