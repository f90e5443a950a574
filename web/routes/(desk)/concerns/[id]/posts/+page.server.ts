import { error, fail, redirect } from '@sveltejs/kit';
import { splitConcern, renameConcern } from '../../../../../../store/concern-acts.ts';
import { concernById, concernPostsPage } from '../../../../../../store/concern-view.ts';
import { standingConcern } from '../../../../../../store/concerns.ts';
import { fromShanghaiInput } from '../../../../../lib/format.ts';
import { concernPageMessages } from '../../../../../lib/messages/concern.ts';
import { messages } from '../../../../../lib/messages.ts';
import { handedOn } from '../../../../../lib/page-link.ts';
import { sentiments } from '../../../../../lib/search-params.ts';
import { acting, reaches, reading, type Desk } from '../../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../../lib/server/form.ts';
import { readId } from '../../../../../lib/server/read-id.ts';
import { personalIn } from '../../../../../lib/server/watch-trial.ts';
import type { Actions, PageServerLoad } from './$types';

const words = concernPageMessages;
const A_PAGE = 30;
const MAX_PAGE = 500;
/** Who takes a concern apart wants to see more of it at once. */
const TO_SPLIT = 200;
const LONGEST_NAME = 60;

export const load: PageServerLoad = async ({ locals, params, url, depends }) => {
  depends('live:concerns');
  const desk = reading(locals);
  const concern = await found(desk, params.id);
  if (concern.mergedInto !== null) {
    const standing = await standingConcern(desk.db, concern.id);
    if (standing !== null && standing !== concern.id)
      redirect(303, `/concerns/${standing}/posts${handedOn(url)}`);
  }
  const asked = url.searchParams;
  const sentiment = sentiments.find((each) => each === asked.get('sentiment')) ?? null;
  const [from, to] = [fromShanghaiInput(asked.get('from') ?? ''), fromShanghaiInput(asked.get('to') ?? '')];
  const page = Math.min(MAX_PAGE, Math.max(1, Math.floor(Number(asked.get('page'))) || 1));
  const mayWrite = await reaches(desk.person, 'concern-write', concern.officeId);
  const splitting = mayWrite && asked.get('split') === '1';
  const limit = splitting ? TO_SPLIT : A_PAGE;
  // One more than is shown: whether there is a next page.
  const posts = await concernPostsPage(desk.db, concern.id, {
    sentiment,
    from,
    to,
    limit: limit + 1,
    skip: (page - 1) * limit,
  });
  return {
    ...{ concern, sentiment, from, to, page, mayWrite, splitting },
    posts: posts.slice(0, limit),
    more: posts.length > limit,
  };
};

async function found({ db }: Desk, id: string) {
  const concern = await concernById(db, readId(id));
  if (!concern) error(404, messages.errors.notFound);
  return concern;
}

export const actions: Actions = {
  split: async ({ locals, params, request }) => {
    const desk = acting(locals);
    const concern = await found(desk, params.id);
    const sent = await request.formData();
    const chosen = sent
      .getAll('post')
      .flatMap((each) => (/^[1-9]\d{0,14}$/.test(String(each)) ? [Number(each)] : []));
    if (chosen.length === 0) return fail(400, { message: words.splitNone });
    const name = field(sent, 'name').toWellFormed().replaceAll('\0', '').replace(/\s+/gu, ' ').trim();
    if ([...name].length > LONGEST_NAME) return fail(400, { message: words.longName });
    if (name !== '' && (await personalIn(name)) !== null) return fail(400, { message: words.personalName });
    const seen = { id: concern.id, version: Number(field(sent, 'version')) || 0 };
    const made = await orFail(() => splitConcern(desk.db, desk.actor, seen, chosen));
    if ('status' in made) return made;
    if (name !== '') {
      const fresh = await concernById(desk.db, made.concernId);
      if (fresh) await renameConcern(desk.db, desk.actor, { id: fresh.id, version: fresh.version }, name);
    }
    return redirect(303, `/concerns/${made.concernId}?said=split&act=${made.actId}`);
  },
};
