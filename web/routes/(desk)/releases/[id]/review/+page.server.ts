import { error, fail } from '@sveltejs/kit';
import { commentParts, reviewPoints, reviewStages } from '../../../../../../config/review-rules.ts';
import { findPassage, passageOf } from '../../../../../../publisher/releases/passage.ts';
import { partsOf } from '../../../../../../publisher/releases/plain.ts';
import { messages as stored } from '../../../../../../store/messages.ts';
import { addComment, LONGEST_QUOTE, settleComment } from '../../../../../../store/release-comments.ts';
import { releaseById } from '../../../../../../store/releases.ts';
import { passReview, returnRelease, takeBackRelease } from '../../../../../../store/review-acts.ts';
import { roundsOf } from '../../../../../../store/review-rounds.ts';
import { messages } from '../../../../../lib/messages.ts';
import { releaseReviewMessages as words } from '../../../../../lib/messages/release-reviews.ts';
import { acting, isShared, mayIn, reaches, reading, type Desk } from '../../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../../lib/server/form.ts';
import { readId } from '../../../../../lib/server/read-id.ts';
import {
  checksView,
  commentsView,
  sinceLastReview,
  stagesView,
  startView,
  submit,
  tasksOf,
  textView,
} from '../../../../../lib/server/release-review.ts';
import { releaseToChange } from '../../../../../lib/server/releases.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async ({ locals, params, depends }) => {
  depends('live:releases');
  const desk = reading(locals);
  const { db, person } = desk;
  const id = readId(params.id);
  const release = await releaseById(db, id);
  if (!release) error(404, messages.errors.notFound);
  const { officeId, officeName, state } = release;
  const rounds = await roundsOf(db, id);
  // A draft has nothing under way; what an urgent one owes stays to be done when it is out.
  const round = state === 'draft' ? null : (rounds[0] ?? null);
  const mayWrite = mayIn(person, 'release-write', officeId);
  const [stages, start, text, since, comments, checks, mayComment] = await Promise.all([
    round ? stagesView(db, round, officeName) : [],
    state === 'draft' && mayWrite ? startView(db, release, person) : null,
    textView(db, release),
    sinceLastReview(db, release, rounds),
    commentsView(db, release),
    checksView(db, release),
    reaches(person, 'release-comment', officeId),
  ]);
  return {
    ...{ round, stages, start, text, since, comments, checks, mayWrite, mayComment },
    tasks: round ? tasksOf(round, person) : [],
    earlier: rounds.filter((each) => each !== round),
    shared: isShared(desk, officeId),
  };
};

/** What a person writes, without what a database cannot hold. */
function typed(sent: FormData, name: string): string {
  return field(sent, name).toWellFormed().replaceAll('\0', '').replace(/\r\n?/gu, '\n').trim();
}

/** An id of a form; 0, which is nobody's, for what cannot be one. */
function idField(sent: FormData, name: string): number {
  const text = field(sent, name);
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0;
}

/** The desk of an act and the release that it is about. @throws 404 when it is not within the act's scope */
async function find({ locals, params }: RequestEvent): Promise<{ desk: Desk; releaseId: number }> {
  const desk = acting(locals);
  const release = await releaseById(desk.db, readId(params.id));
  if (!release || isShared(desk, release.officeId)) error(404, messages.errors.notFound);
  return { desk, releaseId: release.id };
}

function readTask(releaseId: number, sent: FormData) {
  const stage = reviewStages.find((known) => known === sent.get('stage'));
  if (!stage) error(400, messages.errors.notFound);
  return { releaseId, roundId: idField(sent, 'round'), stage };
}

export const actions: Actions = {
  submit: async (event) => {
    const { desk, release } = await releaseToChange(event);
    const sent = await event.request.formData();
    const note = typed(sent, 'note');
    const made = await submit(desk, release, Number(field(sent, 'version')) || 0, note);
    if (typeof made === 'number') return { done: words.start.done };
    return fail(made.status, { ...made.data, about: 'start', note });
  },

  takeBack: async (event) => {
    const { desk, release } = await releaseToChange(event);
    const roundId = idField(await event.request.formData(), 'round');
    const task = { releaseId: release.id, roundId };
    const failed = await orFail(() => takeBackRelease(desk.db, desk.actor, task, new Date()));
    return failed ?? { done: words.progress.tookBack };
  },

  pass: async (event) => {
    const { desk, releaseId } = await find(event);
    const sent = await event.request.formData();
    const task = readTask(releaseId, sent);
    const ticked = sent.getAll('point');
    const points = reviewPoints.filter((point) => ticked.includes(point));
    const note = typed(sent, 'note');
    const passed = await orFail(() =>
      passReview(desk.db, desk.actor, desk.person, { ...task, points, note }, new Date()),
    );
    if ('status' in passed) return fail(passed.status, { ...passed.data, about: task.stage, note });
    if (field(sent, 'after') === 'yes') return { done: words.decide.passedAfter };
    return { done: passed.approved ? words.decide.approved : words.decide.passed };
  },

  return: async (event) => {
    const { desk, releaseId } = await find(event);
    const sent = await event.request.formData();
    const task = readTask(releaseId, sent);
    const reason = typed(sent, 'reason');
    const failed = await orFail(() =>
      returnRelease(desk.db, desk.actor, desk.person, { ...task, note: reason }, new Date()),
    );
    if (failed) return fail(failed.status, { ...failed.data, about: task.stage, reason });
    return { done: field(sent, 'after') === 'yes' ? words.decide.returnedAfter : words.decide.returned };
  },

  comment: async (event) => {
    const { desk, releaseId } = await find(event);
    const release = await releaseById(desk.db, releaseId);
    if (!release) error(404, messages.errors.notFound);
    const sent = await event.request.formData();
    const text = typed(sent, 'text');
    const quote = passageOf(typed(sent, 'quote'));
    const kept = { about: 'comment', text, quote };
    const part = commentParts.find((known) => known === sent.get('part'));
    if (!part) return fail(400, { ...kept, message: words.comments.badPart });
    if (quote.length > LONGEST_QUOTE) return fail(400, { ...kept, message: words.comments.longQuote });
    const near = Number(field(sent, 'start'));
    const place = findPassage(partsOf(release)[part], quote, Number.isFinite(near) ? near : null);
    if (quote !== '' && !place) return fail(409, { ...kept, message: stored.releaseReviews.passage });
    const comment = { part, quote: quote || null, start: place?.start ?? null, text };
    const made = await orFail(() => addComment(desk.db, desk.actor, releaseId, comment, new Date()));
    if (typeof made === 'number') return { done: words.comments.added };
    return fail(made.status, { ...kept, ...made.data });
  },

  resolve: (event) => settle(event, true),
  reopen: (event) => settle(event, false),
};

async function settle(event: RequestEvent, resolved: boolean) {
  const { desk, releaseId } = await find(event);
  const comment = idField(await event.request.formData(), 'comment');
  const changed = await settleComment(desk.db, desk.actor, releaseId, comment, resolved, new Date());
  if (!changed) return fail(409, { message: words.comments.faster });
  return { done: resolved ? words.comments.resolvedDone : words.comments.reopenedDone };
}
