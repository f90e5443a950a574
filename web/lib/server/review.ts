import { fail } from '@sveltejs/kit';
import { reviewFields, reviewPost, undoReview, type ReviewField, type Word } from '../../../store/reviews.ts';
import type { AskWatches } from '../../../store/review-watches.ts';
import { reviewMessages } from '../messages/reviews.ts';
import { readChoice } from '../review-fields.ts';
import type { Desk } from './desk.ts';
import { field as textOf, orFail } from './form.ts';
import { placeOf } from './places.ts';

/** What the answer of a form is about, on a page with other forms. */
const about = 'review' as const;

/**
 * Keeps what a form says about a field of a post.
 * @param postId of a post within the desk's scope
 * @param sampled the post was drawn, and not chosen
 */
export async function review(desk: Desk, postId: number, sent: FormData, sampled: boolean) {
  const field = fieldIn(sent);
  if (!field) return fail(400, { about, message: reviewMessages.badValue });
  const said = saidIn(field, sent);
  if (typeof said === 'object' && 'problem' in said) return fail(400, { about, message: said.problem });
  const askAgain = await asker();
  const failed = await orFail(() =>
    reviewPost(desk.db, desk.actor, { postId, field, said, sampled }, askAgain),
  );
  if (failed) return fail(409, { about, message: failed.data.message });
  return { about, done: reviewMessages.kept, undo: { postId, field } };
}

/** Takes back the word that stands about a field of a post. */
export async function undo(desk: Desk, postId: number, sent: FormData) {
  const field = fieldIn(sent);
  if (!field) return fail(400, { about, message: reviewMessages.badValue });
  const askAgain = await asker();
  const earlier = await orFail(() => undoReview(desk.db, desk.actor, postId, field, askAgain));
  if (typeof earlier !== 'boolean') return fail(409, { about, message: earlier.data.message });
  return { about, done: earlier ? reviewMessages.undoneToEarlier : reviewMessages.undone };
}

/** What reads queries holds lists of names: loaded when somebody first says something about a post. */
async function asker(): Promise<AskWatches> {
  return (await import('../../../indexer/watches/stored.ts')).askAgain;
}

function fieldIn(sent: FormData): ReviewField | undefined {
  return reviewFields.find((each) => each === textOf(sent, 'field'));
}

function saidIn(field: ReviewField, sent: FormData): Word['said'] | { problem: string } {
  const how = textOf(sent, 'how');
  if (how === 'unsure' || how === 'wrong') return how;
  const value = textOf(sent, 'is');
  if (field === 'copy') return copyIn(value);
  if (field === 'place') {
    if (textOf(sent, 'nowhere') === '1') return { is: null };
    const place = placeOf(value, textOf(sent, 'is-text'));
    return place === null ? { problem: reviewMessages.noPlace } : { is: place };
  }
  const is = readChoice(field, value);
  return is === undefined ? { problem: reviewMessages.badValue } : { is };
}

/** A number, or the address of a post's page; empty: no copy of anything. */
function copyIn(text: string): Word['said'] | { problem: string } {
  if (text.trim() === '') return { is: null };
  const id = /(?:^|\/posts\/)([1-9]\d{0,14})\/?(?:[?#].*)?$/u.exec(text.trim())?.[1];
  return id === undefined ? { problem: reviewMessages.badLink } : { is: id };
}
