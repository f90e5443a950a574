import type { Role } from '../../config/access/roles.ts';
import { contentOf } from '../../config/release-content.ts';
import { stageRules, type ReviewStage } from '../../config/review-rules.ts';
import { documentOfText } from '../../publisher/releases/plain.ts';
import type { Actor } from '../../store/actor.ts';
import { grantsOf } from '../../store/people.ts';
import type { Store } from '../../store/pool.ts';
import { createRelease } from '../../store/releases.ts';
import { passReview, returnRelease, takeBackRelease } from '../../store/review-acts.ts';
import { roundsOf, type ReviewRound } from '../../store/review-rounds.ts';
import { submitForReview } from '../../store/review-submit.ts';
import { scoped, scopeOf, type Grant, type Scope } from '../../store/scope.ts';
import { reviewSecrecy } from '../../store/secrecy-reviews.ts';
import type { Place, Staff } from './staff.ts';

type Given = Parameters<typeof contentOf>[0];

/** Somebody at the desk of reviews: what their roles let them reach, and who they are. */
export type ReviewDesk = { db: Store; actor: Actor; name: string; grants: readonly Grant[] };

export const NOW = new Date('2026-11-23T02:00:00Z');

/** Releases and reviewers of the offices of `startStaff`. */
export function useReviews(staff: () => Staff) {
  const at = {
    /** The desk of a person for an action, by the roles that they hold now. */
    async desk(id: string, place: Place, action: 'release-review' | 'release-write'): Promise<ReviewDesk> {
      const grants = await grantsOf(staff().engines.store, id);
      const scope = await scopeOf(staff().app, grants, action);
      const role: Role = grants[0]?.role ?? 'analyst';
      const actor: Actor = { id, officeId: staff().offices[place], role, address: '10.0.0.1' };
      return { db: scoped(staff().app, scope as Scope), actor, name: `name of ${id}`, grants };
    },

    async writer(place: Place): Promise<ReviewDesk> {
      return at.desk(await staff().person(place, 'press-officer'), place, 'release-write');
    },

    async reviewer(place: Place, ...roles: Role[]): Promise<ReviewDesk> {
      return at.desk(await staff().person(place, ...roles), place, 'release-review');
    },

    /** A draft whose secrecy review was made. */
    async draft(writer: ReviewDesk, given: Given = {}): Promise<number> {
      const content = contentOf({
        title: '检察开放日',
        document: documentOfText('欢迎参加云州市人民检察院开放日。'),
        ...given,
      });
      const id = await createRelease(writer.db, writer.actor, content);
      await at.secrecy(writer, id, 1);
      return id;
    },

    secrecy(writer: ReviewDesk, id: number, version: number): Promise<void> {
      const release = { id, officeId: writer.actor.officeId, version };
      return reviewSecrecy(writer.db, writer.actor, release, ['state-secrets']);
    },

    submit(writer: ReviewDesk, id: number, version = 1): Promise<number> {
      return submitForReview(writer.db, writer.actor, { id, version }, NOW);
    },

    /** A draft and its open round. */
    async submitted(writer: ReviewDesk, given: Given = {}): Promise<{ releaseId: number; roundId: number }> {
      const releaseId = await at.draft(writer, given);
      return { releaseId, roundId: await at.submit(writer, releaseId) };
    },

    pass(
      { db, actor, name, grants }: ReviewDesk,
      task: { releaseId: number; roundId: number },
      stage: ReviewStage,
      points = stageRules[stage].points,
      now = NOW,
    ): Promise<{ approved: boolean }> {
      return passReview(db, actor, { name, grants }, { ...task, stage, points, note: '' }, now);
    },

    giveBack(
      { db, actor, name, grants }: ReviewDesk,
      task: { releaseId: number; roundId: number },
      stage: ReviewStage,
      note = '标题与正文不一致。',
    ): Promise<void> {
      return returnRelease(db, actor, { name, grants }, { ...task, stage, note }, NOW);
    },

    takeBack({ db, actor }: ReviewDesk, task: { releaseId: number; roundId: number }): Promise<void> {
      return takeBackRelease(db, actor, task, NOW);
    },

    async state(releaseId: number): Promise<string | undefined> {
      const found = await staff().engines.store.query<{ state: string }>(
        'select state from releases where id = $1',
        [releaseId],
      );
      return found.rows[0]?.state;
    },

    async round(releaseId: number): Promise<ReviewRound> {
      const [newest] = await roundsOf(staff().engines.store, releaseId);
      if (!newest) throw new Error('no round');
      return newest;
    },
  };
  return at;
}
