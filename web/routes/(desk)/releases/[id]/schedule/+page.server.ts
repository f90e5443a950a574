import { error, fail, redirect, type RequestEvent } from '@sveltejs/kit';
import { Refused } from '../../../../../../config/errors.ts';
import { shanghaiDay } from '../../../../../../config/shanghai.ts';
import { chosenChannels } from '../../../../../../config/release-content.ts';
import { correctionWays } from '../../../../../../publisher/channels/index.ts';
import { websiteTitle, wechatTexts, weiboText } from '../../../../../../publisher/releases/channel-texts.ts';
import type { Channel } from '../../../../../../config/release-types.ts';
import { channelAccounts } from '../../../../../../store/channel-accounts.ts';
import { reasonsOf } from '../../../../../../store/check-reasons.ts';
import { beginCorrection, correctRelease, noteCorrected } from '../../../../../../store/corrections.ts';
import { deliveriesOf } from '../../../../../../store/deliveries.ts';
import { answerUnknown, type Answer } from '../../../../../../store/delivery-answers.ts';
import { countsOf, usualCounts } from '../../../../../../store/delivery-counts.ts';
import { attemptsOf } from '../../../../../../store/delivery-attempts.ts';
import {
  cancelDelivery,
  publishNow,
  rescheduleDelivery,
  scheduleRelease,
  type Plan,
} from '../../../../../../store/delivery-schedule.ts';
import { effectsOf, suggestTimes, type Suggested } from '../../../../../../store/effect-times.ts';
import { publishingSettings } from '../../../../../../store/publishing-settings.ts';
import type { Queryable } from '../../../../../../store/pool.ts';
import { releaseById, type ReleaseRow } from '../../../../../../store/releases.ts';
import { askWithdrawal, settleByPerson, withdrawalsOf } from '../../../../../../store/withdrawals.ts';
import { blocking } from '../../../../../../publisher/releases/checks/index.ts';
import { dayKind, isQuiet, minuteOf } from '../../../../../lib/calendar.ts';
import { fromShanghaiInput, fullTime } from '../../../../../lib/format.ts';
import { messages } from '../../../../../lib/messages.ts';
import { scheduleMessages as words } from '../../../../../lib/messages/schedule.ts';
import { acting, reaches, reading } from '../../../../../lib/server/desk.ts';
import { readId } from '../../../../../lib/server/read-id.ts';
import { findingsOf } from '../../../../../lib/server/release-checks.ts';
import type { Actions, PageServerLoad } from './$types';

/** So many of a delivery's tries are shown: the last ones. */
const ATTEMPTS = 50;

/** A median of fewer publications says little of what is usual. */
const ENOUGH = 5;

export const load: PageServerLoad = async ({ locals, params, parent, depends }) => {
  depends('live:releases');
  const { db, person } = reading(locals);
  const { release } = await parent();
  const id = readId(params.id);
  const [accounts, deliveries, withdrawals] = await Promise.all([
    channelAccounts(db, { officeId: release.officeId }),
    deliveriesOf(db, id),
    withdrawalsOf(db, id),
  ]);
  const plannable = ['approved', 'scheduled', 'published'].includes(release.state);
  const [counts, usual] = await Promise.all([
    countsOf(db, id),
    usualCounts(db, [...new Set(deliveries.map(({ accountId }) => accountId))]),
  ]);
  const ledgers = await Promise.all(deliveries.map((delivery) => attemptsOf(db, delivery.id)));
  const standing = deliveries.filter(({ state }) => state === 'published');
  return {
    accounts: accounts.map(({ id: account, channel, name, enabled, dryRun, stoppedWhy }) => {
      return { id: account, channel, name, enabled, dryRun, stopped: stoppedWhy !== null };
    }),
    texts: { website: websiteTitle(release), weibo: weiboText(release), wechat: wechatTexts(release).title },
    deliveries: deliveries.map(({ content, ...delivery }, place) => ({
      ...delivery,
      title: content.title,
      counts: counts.find(({ deliveryId }) => deliveryId === delivery.id)?.series ?? [],
      usual: usual.find((of) => of.accountId === delivery.accountId && of.releases >= ENOUGH) ?? null,
      attempts: (ledgers[place] ?? []).slice(-ATTEMPTS),
    })),
    suggested: plannable ? await suggestions(db, release, accounts) : {},
    withdrawals,
    /** What stands is older than what was approved. */
    correctable:
      release.state === 'approved' && standing.some(({ version }) => (version ?? 0) < release.version),
    mayWithdraw: await reaches(person, 'release-withdraw', release.officeId),
  };
};

/** Times to publish at by account, with `website` for the account that is made with the first release. */
async function suggestions(
  db: Queryable,
  release: ReleaseRow,
  accounts: readonly { id: number; channel: Channel }[],
): Promise<Record<string, Suggested>> {
  const now = new Date();
  const { officeId, embargoUntil } = release;
  const settings = await publishingSettings(db, officeId);
  const open = (at: Date) =>
    !isQuiet(minuteOf(at), settings) &&
    dayKind(shanghaiDay(at)) !== 'holiday' &&
    (embargoUntil === null || at >= embargoUntil);
  const made: Record<string, Suggested> = {};
  for (const channel of chosenChannels(release)) {
    const effects = await effectsOf(db, officeId, channel);
    const ids = accounts.filter((account) => account.channel === channel).map(({ id }) => id);
    for (const id of ids) made[id] = suggestTimes(effects, { channel, accountId: id, now, open });
    if (channel === 'website' && ids.length === 0)
      made['website'] = suggestTimes(effects, { channel, accountId: null, now, open });
  }
  return made;
}

/** The release that an action is about. @throws 404 when it is not within the action's scope */
async function find({ locals, params, request }: RequestEvent<{ id: string }>) {
  const desk = acting(locals);
  const release = await releaseById(desk.db, readId(params.id));
  if (!release) error(404, messages.errors.notFound);
  return { ...desk, release, sent: await request.formData(), now: new Date() };
}
type Found = Awaited<ReturnType<typeof find>>;

/** A form action whose refusals are told on the page. */
function action(act: (found: Found) => Promise<{ done: string } | ReturnType<typeof fail>>) {
  return async (event: RequestEvent<{ id: string }>) => {
    const found = await find(event);
    try {
      return await act(found);
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
      return fail(409, { message: thrown.message });
    }
  };
}

/** @throws Refused where the form names none: the page it came from is not of now. */
function idOf(sent: FormData): number {
  const id = Number(text(sent, 'id'));
  if (!Number.isSafeInteger(id) || id < 1) throw new Refused('delivery-begun', words.notWaiting);
  return id;
}
const text = (sent: FormData, name: string) =>
  String(sent.get(name) ?? '')
    .toWellFormed()
    .replaceAll('\0', '');

/** The rows of the form that are chosen: `go-⟨account⟩`, `when-⟨account⟩`, `at-⟨account⟩`. */
function readPlan(sent: FormData, now: Date): Plan | { problem: string } {
  const plan: { accountId: number | 'website'; dueAt: Date }[] = [];
  for (const [name, value] of sent) {
    const chosen = /^go-(website|\d{1,9})$/.exec(name)?.[1];
    if (chosen === undefined || value !== 'on') continue;
    const dueAt = sent.get(`when-${chosen}`) === 'at' ? fromShanghaiInput(text(sent, `at-${chosen}`)) : now;
    if (!dueAt) return { problem: messages.releases.needTime };
    plan.push({ accountId: chosen === 'website' ? 'website' : Number(chosen), dueAt });
  }
  return plan.length > 0 ? plan : { problem: words.nothing };
}

export const actions: Actions = {
  schedule: action(async ({ db, actor, release, sent, now }) => {
    const plan = readPlan(sent, now);
    if ('problem' in plan) return fail(400, { message: plan.problem });
    const found = blocking(await findingsOf(db, release), await reasonsOf(db, release.id));
    if (found.length > 0) return fail(409, { message: words.blocked(found.length), toChecks: true });
    const version = Number(text(sent, 'version'));
    const made = await scheduleRelease(db, actor, { id: release.id, version }, plan, now);
    return { done: words.scheduled(made.length) };
  }),

  move: action(async ({ db, actor, sent, now }) => {
    const dueAt = fromShanghaiInput(text(sent, 'at'));
    if (!dueAt) return fail(400, { message: messages.releases.needTime });
    await rescheduleDelivery(db, actor, idOf(sent), { dueAt, was: new Date(text(sent, 'was')) }, now);
    return { done: words.moved(fullTime(dueAt)) };
  }),

  now: action(async ({ db, actor, sent, now }) => {
    await publishNow(db, actor, idOf(sent), new Date(text(sent, 'was')), now);
    return { done: words.sendingNow };
  }),

  cancel: action(async ({ db, actor, release, sent, now }) => {
    const of = { releaseId: release.id, deliveryIds: [idOf(sent)] };
    return (await cancelDelivery(db, actor, of, now))
      ? { done: words.cancelled }
      : fail(409, { message: words.notWaiting });
  }),

  answer: action(async ({ db, actor, sent, now }) => {
    const kind = text(sent, 'answer');
    if (kind !== 'published' && kind !== 'again' && kind !== 'give-up') {
      return fail(400, { message: words.askPerson });
    }
    const answer: Answer =
      kind === 'published' ? { kind, address: text(sent, 'address').trim() || null } : { kind };
    await answerUnknown(db, actor, idOf(sent), answer, now);
    return { done: words.answered };
  }),

  withdraw: action(async ({ db, actor, release, sent, now }) => {
    const deliveryIds = sent.getAll('delivery').map(Number).filter(Number.isSafeInteger);
    const note = text(sent, 'note').trim().slice(0, 400);
    const { asked, cancelled } = await askWithdrawal(
      db,
      actor,
      { releaseId: release.id, deliveryIds, reason: text(sent, 'reason'), ...(note && { note }) },
      now,
    );
    return { done: words.withdrawn(asked, cancelled) };
  }),

  settle: action(async ({ db, actor, sent, now }) => {
    await settleByPerson(db, actor, idOf(sent), sent.get('gone') === '1', now);
    return { done: words.settled };
  }),

  change: async (event) => {
    const { db, actor, release, sent, now } = await find(event);
    try {
      await beginCorrection(db, actor, { id: release.id, version: Number(text(sent, 'version')) }, now);
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
      return fail(409, { message: thrown.message });
    }
    redirect(303, `/releases/${release.id}`);
  },

  correct: action(async ({ db, actor, release, sent, now }) => {
    const version = Number(text(sent, 'version'));
    const about = { id: release.id, version, note: text(sent, 'note') };
    const { edit, anew, manual } = await correctRelease(db, actor, about, correctionWays, now);
    return { done: words.corrected(edit, anew, manual) };
  }),

  corrected: action(async ({ db, actor, sent }) =>
    (await noteCorrected(db, actor, idOf(sent)))
      ? { done: words.answered }
      : fail(409, { message: words.notWaiting }),
  ),
};
