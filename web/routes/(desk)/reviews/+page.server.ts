import { fail } from '@sveltejs/kit';
import { chooseModel, isOff, learntModel, modelHistory } from '../../../../store/models.ts';
import { outsideService } from '../../../../store/outside-services.ts';
import { agreements, drawSample, sampledFields, type SampledField } from '../../../../store/review-sample.ts';
import { reviewMessages as words } from '../../../lib/messages/reviews.ts';
import { acting, may, reading } from '../../../lib/server/desk.ts';
import { field, orFail } from '../../../lib/server/form.ts';
import { hub } from '../../../lib/server/hub.ts';
import { chosenOffice } from '../../../lib/server/office-view.ts';
import { placeName } from '../../../lib/server/places.ts';
import { review, undo } from '../../../lib/server/review.ts';
import type { Actions, PageServerLoad } from './$types';

const AT_ONCE = 20;
/** A longer text is read on its own page. */
const SHOWN = 400;

export const load: PageServerLoad = async ({ locals, url }) => {
  const desk = reading(locals);
  const { offices, view } = await chosenOffice(desk, url.searchParams);
  const asked = fieldOf(url.searchParams.get('field'));
  const [drawn, figures, off, learnt, history, elsewhere] = await Promise.all([
    drawSample(desk.db, offices, asked, AT_ONCE),
    agreements(desk.db, offices),
    isOff(desk.db, 'sentiment'),
    learntModel(desk.db, 'sentiment'),
    modelHistory(desk.db, 'sentiment', 10),
    hub().runtime.hub.sentiment.external ? outsideService(desk.db, 'sentiment') : null,
  ]);
  return {
    field: asked,
    view,
    figures,
    posts: drawn.map((post) => ({
      ...post,
      text: post.text.slice(0, SHOWN).toWellFormed(),
      cut: post.text.length > SHOWN,
      machineName: asked === 'place' && post.machine !== null ? placeName(post.machine) : null,
    })),
    model: {
      off,
      learntFrom: learnt && (history.find(({ id }) => id === learnt.id)?.n ?? null),
      learnt: learnt !== null,
      history,
      /** Since when the model elsewhere gives no right answer; null: it does, or there is none. */
      failingSince: elsewhere?.failingSince ?? null,
    },
    mayChoose: may(desk.person, 'word-list-write'),
  };
};

function fieldOf(text: string | null): SampledField {
  return sampledFields.find((each) => each === text) ?? 'sentiment';
}

function postIn(sent: FormData): number {
  const id = field(sent, 'post');
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : 0;
}

export const actions: Actions = {
  review: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    return review(desk, postIn(sent), sent, true);
  },

  undo: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    return undo(desk, postIn(sent), sent);
  },

  model: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const kind = (['shipped', 'resumed'] as const).find((each) => each === field(sent, 'kind'));
    if (!kind) return fail(400, { about: 'model' as const, message: words.badValue });
    const failed = await orFail(() =>
      chooseModel(desk.db, desk.actor, 'sentiment', kind, field(sent, 'why')),
    );
    if (failed) return fail(409, { about: 'model' as const, message: failed.data.message });
    return { about: 'model' as const, done: words.modelDone };
  },
};
