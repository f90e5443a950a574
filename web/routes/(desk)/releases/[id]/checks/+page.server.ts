import { error, fail } from '@sveltejs/kit';
import { checkKeys, NOT_RUN, secrecyItems, type Finding } from '../../../../../../config/release-checks.ts';
import { messages as said } from '../../../../../../publisher/releases/checks/messages.ts';
import { partsOf } from '../../../../../../publisher/releases/plain.ts';
import { giveReason, LONGEST_REASON, reasonsOf } from '../../../../../../store/check-reasons.ts';
import { checkRun } from '../../../../../../store/check-runs.ts';
import { releaseById, type ReleaseRow } from '../../../../../../store/releases.ts';
import { reviewSecrecy, secrecyReview } from '../../../../../../store/secrecy-reviews.ts';
import { messages } from '../../../../../lib/messages.ts';
import { checkMessages as words } from '../../../../../lib/messages/checks.ts';
import { acting, mayIn, reading, type Desk } from '../../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../../lib/server/form.ts';
import { readId } from '../../../../../lib/server/read-id.ts';
import { findingsOf } from '../../../../../lib/server/release-checks.ts';
import type { Actions, PageServerLoad } from './$types';

/** What is shown of the text around a finding, in UTF-16 units to each side. */
const AROUND = 40;

export const load: PageServerLoad = async ({ locals, params, depends }) => {
  depends('live:releases');
  const { db, person } = reading(locals);
  const id = readId(params.id);
  const release = await releaseById(db, id);
  if (!release) error(404, messages.errors.notFound);
  const [run, reasons, review] = await Promise.all([
    checkRun(db, id),
    reasonsOf(db, id),
    secrecyReview(db, id, release.version),
  ]);
  const current = run?.version === release.version;
  // Secrecy is a form of its own here, and changes without another run.
  const findings = (run?.findings ?? []).filter(({ check }) => check !== 'secrecy');
  const texts = current ? partsOf(release) : null;
  return {
    id,
    version: release.version,
    draft: release.state === 'draft',
    run: run && { version: run.version, ranAt: run.ranAt, current },
    findings: findings.map((found) => ({
      ...found,
      name: said.names[found.check],
      around: texts && aroundOf(found, texts[found.part]),
      reason:
        reasons.find(({ check, finding }) => check === found.check && finding === found.finding) ?? null,
    })),
    checks: checkKeys.map((key) => ({
      ...{ key, name: said.names[key], why: said.why[key] },
      found: key === 'secrecy' ? null : findings.filter(({ check }) => check === key).length,
      notRun: findings.some(({ check, finding }) => check === key && finding === NOT_RUN),
    })),
    secrecy: {
      items: secrecyItems.map((item) => ({ item, label: said.secrecyItems[item] })),
      review: review && { by: review.by, at: review.at },
      complete: secrecyItems.every((item) => review?.items.includes(item)),
    },
    mayWrite: mayIn(person, 'release-write', release.officeId),
  };
};

/** The words before and behind a finding; null: it has no place, or the text is not what was looked through. */
function aroundOf({ start, end, part, quote, check }: Finding, text: string) {
  if (start === null || end === null) return null;
  const from = Math.max(0, start - AROUND);
  const to = Math.min(text.length, end + AROUND);
  const hit = text.slice(start, end);
  // Places of links and pictures are those of their words; their quotes say more.
  if (hit !== quote && check !== 'links' && check !== 'media' && !quote.includes(hit)) return null;
  return {
    before: (from > 0 ? '…' : '') + text.slice(from, start).toWellFormed(),
    ...{ hit, part, start, end },
    after: text.slice(end, to).toWellFormed() + (to < text.length ? '…' : ''),
  };
}

/** The release that an action is about. @throws 404 when it is not within the action's scope */
async function find(desk: Desk, id: string): Promise<ReleaseRow> {
  const release = await releaseById(desk.db, readId(id));
  // What was shared can be read, and changed only where it belongs.
  if (!release || !mayIn(desk.person, desk.action, release.officeId)) error(404, messages.errors.notFound);
  return release;
}

export const actions: Actions = {
  run: async ({ locals, params }) => {
    const desk = acting(locals);
    await findingsOf(desk.db, await find(desk, params.id));
    return { done: words.done };
  },

  reason: async ({ locals, params, request }) => {
    const desk = acting(locals);
    const release = await find(desk, params.id);
    const sent = await request.formData();
    const [check, finding] = [field(sent, 'check'), field(sent, 'finding')];
    const reason = field(sent, 'reason').toWellFormed().replaceAll('\0', '').trim();
    const about = { about: finding, typed: reason };
    const run = await checkRun(desk.db, release.id);
    const found = run?.findings.find((each) => each.check === check && each.finding === finding);
    if (found?.severity !== 'warn') return fail(409, { ...about, message: words.gone });
    const length = [...reason].length;
    if (length < 2 || length > LONGEST_REASON) return fail(400, { ...about, message: words.badReason });
    await giveReason(desk.db, desk.actor, release, found, reason);
    return { about: finding, done: words.given };
  },

  secrecy: async ({ locals, params, request }) => {
    const desk = acting(locals);
    const release = await find(desk, params.id);
    const sent = await request.formData();
    const version = Number(field(sent, 'version'));
    const ticked = sent.getAll('item');
    const items = secrecyItems.filter((item) => ticked.includes(item));
    if (items.length < secrecyItems.length)
      return fail(400, { about: 'secrecy', message: words.secrecy.all });
    const failed = await orFail(() => reviewSecrecy(desk.db, desk.actor, { ...release, version }, items));
    if (failed) return fail(409, { about: 'secrecy', message: failed.data.message });
    return { about: 'secrecy', done: words.secrecy.done };
  },
};
