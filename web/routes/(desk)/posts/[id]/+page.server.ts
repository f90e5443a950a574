import { error } from '@sveltejs/kit';
import { handOversAbout } from '../../../../../store/hand-overs.ts';
import { postById, sameWords } from '../../../../../store/posts.ts';
import { messages } from '../../../../lib/messages.ts';
import { listed } from '../../../../lib/server/overview.ts';
import { readId } from '../../../../lib/server/read-id.ts';
import { acting, isShared, may, mayIn, reading } from '../../../../lib/server/desk.ts';
import { handOver } from '../../../../lib/server/hand-over.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, depends }) => {
  depends('live:hand-overs');
  const desk = reading(locals);
  const post = await postById(desk.db, readId(params.id));
  if (!post) error(404, messages.errors.notFound);
  const [same, handOvers] = await Promise.all([
    sameWords(desk.db, post),
    handOversAbout(desk.db, 'post', post.id),
  ]);
  const shared = isShared(desk, post.officeId);
  // How many say it in all is counted at the first of them.
  const first = post.copyOf === null ? post : same.find((other) => other.id === post.copyOf);
  return {
    post,
    same: same.map(listed),
    heat: (first?.copies ?? 0) + 1,
    handOvers,
    shared,
    maySend: shared
      ? may(desk.person, 'hand-over-send')
      : mayIn(desk.person, 'hand-over-send', post.officeId),
  };
};

export const actions: Actions = {
  handOver: async ({ locals, params, request }) => {
    const desk = acting(locals);
    const post = await postById(desk.db, readId(params.id));
    if (!post) error(404, messages.errors.notFound);
    return handOver(desk, 'post', post.id, await request.formData());
  },
};
