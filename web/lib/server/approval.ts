import { error } from '@sveltejs/kit';
import type { ApprovalForm } from '../../../publisher/approval/form.ts';
import { reasonsOf } from '../../../store/check-reasons.ts';
import { checkRun } from '../../../store/check-runs.ts';
import type { Queryable } from '../../../store/pool.ts';
import type { ReleaseRow } from '../../../store/releases.ts';
import { contentOfRound, roundsOf } from '../../../store/review-rounds.ts';
import { secrecyReview } from '../../../store/secrecy-reviews.ts';
import { messages } from '../messages.ts';
import { readId } from './read-id.ts';

/**
 * The approval form of a round of a release: the one that the address names, else the newest.
 * @returns null when it was never submitted @throws 404 when the address names none of its rounds
 */
export async function approvalOf(
  db: Queryable,
  { id, officeName }: Pick<ReleaseRow, 'id' | 'officeName'>,
  named: string | null,
  printedAt: Date,
): Promise<ApprovalForm | null> {
  const rounds = await roundsOf(db, id);
  const wanted = named === null ? rounds[0]?.id : readId(named);
  const round = rounds.find((each) => each.id === wanted);
  if (!round) {
    if (named !== null) error(404, messages.errors.notFound);
    return null;
  }
  const [content, secrecy, run, given] = await Promise.all([
    contentOfRound(db, round.id),
    secrecyReview(db, id, round.version),
    checkRun(db, id),
    reasonsOf(db, id),
  ]);
  if (!content) error(404, messages.errors.notFound);
  // Of an older version the findings are not kept, only why they were let stand.
  const findings = run?.version === round.version ? run.findings : [];
  const reasons = findings.flatMap(({ check, finding, quote }) => {
    const reason = given.find((each) => each.check === check && each.finding === finding);
    return reason ? [{ quote, reason: reason.reason, by: reason.by }] : [];
  });
  return { officeName, round, content, secrecy, reasons, printedAt };
}
