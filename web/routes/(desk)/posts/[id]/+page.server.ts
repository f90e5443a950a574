import { error } from '@sveltejs/kit';
import { postById, sameWords } from '../../../../../store/posts.ts';
import { messages } from '../../../../lib/messages.ts';
import { listed } from '../../../../lib/server/overview.ts';
import { readId } from '../../../../lib/server/read-id.ts';
import { reading } from '../../../../lib/server/desk.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const { db } = reading(locals);
  const post = await postById(db, readId(params.id));
  if (!post) error(404, messages.errors.notFound);
  const same = await sameWords(db, post);
  // How many say it in all is counted at the first of them.
  const first = post.copyOf === null ? post : same.find((other) => other.id === post.copyOf);
  return { post, same: same.map(listed), heat: (first?.copies ?? 0) + 1 };
};
