import { error } from '@sveltejs/kit';
import { handOversAbout } from '../../../../../store/hand-overs.ts';
import { postById, sameWords, type PostRow } from '../../../../../store/posts.ts';
import { agreements } from '../../../../../store/review-sample.ts';
import { reviewsOf } from '../../../../../store/reviews.ts';
import { watchNames } from '../../../../../store/watches.ts';
import { messages } from '../../../../lib/messages.ts';
import { listed } from '../../../../lib/server/overview.ts';
import { placeName } from '../../../../lib/server/places.ts';
import { readId } from '../../../../lib/server/read-id.ts';
import { acting, isShared, may, mayIn, reaches, reading, type Desk } from '../../../../lib/server/desk.ts';
import { field } from '../../../../lib/server/form.ts';
import { handOver } from '../../../../lib/server/hand-over.ts';
import { review, undo } from '../../../../lib/server/review.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, depends }) => {
  depends('live:hand-overs');
  const desk = reading(locals);
  const post = await found(desk, params.id);
  const shared = isShared(desk, post.officeId);
  const [same, handOvers, reviews, figures, watches, mayReview] = await Promise.all([
    sameWords(desk.db, post),
    handOversAbout(desk.db, 'post', post.id),
    reviewsOf(desk.db, post.id),
    shared ? [] : agreements(desk.db, desk.offices),
    shared ? null : watchNames(desk.db, post.watches),
    !shared && reaches(desk.person, 'post-review', post.officeId),
  ]);
  // How many say it in all is counted at the first of them.
  const first = post.copyOf === null ? post : same.find((other) => other.id === post.copyOf);
  const places = [
    post.place,
    ...reviews.filter((each) => each.field === 'place').map((each) => each.machine),
  ];
  return {
    post,
    same: same.map((other) => ({ ...listed(other), isFirst: other.id === post.copyOf })),
    heat: (first?.copies ?? 0) + 1,
    handOvers,
    shared,
    /** Null: what other offices look out for is not shared. */
    watches: watches && [...watches].map(([id, name]) => ({ id, name })),
    reviews,
    agreement: figures.find((each) => each.field === 'sentiment') ?? null,
    mayReview,
    /** Code → name of the places that the page speaks of. */
    places: Object.fromEntries(
      places.flatMap((code) => (code === null ? [] : [[code, placeName(code) ?? code]])),
    ),
    maySend: shared
      ? may(desk.person, 'hand-over-send')
      : mayIn(desk.person, 'hand-over-send', post.officeId),
  };
};

async function found(desk: Desk, id: string): Promise<PostRow> {
  const post = await postById(desk.db, readId(id));
  if (!post) error(404, messages.errors.notFound);
  return post;
}

export const actions: Actions = {
  handOver: async ({ locals, params, request }) => {
    const desk = acting(locals);
    const post = await found(desk, params.id);
    return handOver(desk, 'post', post.id, await request.formData());
  },

  review: async ({ locals, params, request }) => {
    const desk = acting(locals);
    const post = await found(desk, params.id);
    const sent = await request.formData();
    return review(desk, which(post, sent), sent, false);
  },

  undo: async ({ locals, params, request }) => {
    const desk = acting(locals);
    const post = await found(desk, params.id);
    const sent = await request.formData();
    return undo(desk, which(post, sent), sent);
  },
};

/** The page's own post, or one of those that say the same. */
function which(post: PostRow, sent: FormData): number {
  const other = field(sent, 'post');
  return /^[1-9]\d{0,14}$/.test(other) ? Number(other) : post.id;
}
