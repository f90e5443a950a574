import { error } from '@sveltejs/kit';
import type { ApprovalForm } from '../../../publisher/approval/form.ts';
import { reasonsOf } from '../../../store/check-reasons.ts';
import { checkRun } from '../../../store/check-runs.ts';
import type { Queryable } from '../../../store/pool.ts';
import { releaseById } from '../../../store/releases.ts';
import { contentOfRound, roundById } from '../../../store/review-rounds.ts';
import { secrecyReview } from '../../../store/secrecy-reviews.ts';
import { messages } from '../messages.ts';

/** The approval form of a round. @throws 404 when there is no such round within reach */
export async function approvalOf(db: Queryable, roundId: number, printedAt: Date): Promise<ApprovalForm> {
  const round = await roundById(db, roundId);
  const release = round && (await releaseById(db, round.releaseId));
  const content = round && (await contentOfRound(db, roundId));
  if (!round || !release || !content) error(404, messages.errors.notFound);
  const [secrecy, run, given] = await Promise.all([
    secrecyReview(db, release.id, round.version),
    checkRun(db, release.id),
    reasonsOf(db, release.id),
  ]);
  // Of an older version it is not kept any more what its reasons were given for.
  const findings = run?.version === round.version ? run.findings : [];
  const reasons = findings.flatMap(({ check, finding, quote }) => {
    const reason = given.find((each) => each.check === check && each.finding === finding);
    return reason ? [{ quote, reason: reason.reason, by: reason.by }] : [];
  });
  return { officeName: release.officeName, round, content, secrecy, reasons, printedAt };
}
