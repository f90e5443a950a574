import { error, fail } from '@sveltejs/kit';
import { watchDays } from '../../../../../store/watch-counts.ts';
import {
  changeWatch,
  restoreWatch,
  watchById,
  watchVersions,
  type Watch,
} from '../../../../../store/watches.ts';
import { shanghaiMidnight } from '../../../../lib/format.ts';
import { messages } from '../../../../lib/messages.ts';
import { watchMessages } from '../../../../lib/messages/watches.ts';
import { acting, mayIn, reading, type Desk } from '../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../lib/server/form.ts';
import { readId } from '../../../../lib/server/read-id.ts';
import { readWatch } from '../../../../lib/server/watch-form.ts';
import type { Actions, PageServerLoad } from './$types';

const words = watchMessages;
const DAYS = 30;

export const load: PageServerLoad = async ({ locals, params, url, depends }) => {
  depends('live:posts');
  const desk = reading(locals);
  const { db, offices, person } = desk;
  const watch = await find(desk, params.id);
  const today = shanghaiMidnight(new Date());
  const days = Array.from({ length: DAYS }, (_, at) => shanghaiMidnight(today, at + 1 - DAYS));
  const [versions, counts] = await Promise.all([
    watchVersions(db, watch.id),
    watchDays(db, offices, [watch.id], days),
  ]);
  return {
    ...{ watch, versions },
    days: counts.get(watch.id) ?? [],
    made: url.searchParams.has('made'),
    mayWrite: mayIn(person, 'watch-write', watch.officeId),
    fromAbove: offices !== null && !offices.includes(watch.officeId),
  };
};

async function find({ db }: Desk, id: string): Promise<Watch> {
  const watch = await watchById(db, readId(id));
  if (!watch) error(404, messages.errors.notFound);
  return watch;
}

/** The watch that an act is about, and the version that the person has seen. */
async function held(locals: App.Locals, id: string, request: Request) {
  const desk = acting(locals);
  const watch = await find(desk, id);
  // One of an office above can be seen from here, and not changed.
  if (!desk.own.includes(watch.officeId)) error(404, messages.errors.notFound);
  const sent = await request.formData();
  return { desk, sent, id: watch.id, seen: Number(field(sent, 'version')) || 0 };
}

export const actions: Actions = {
  save: async ({ locals, params, request }) => {
    const { desk, sent, id, seen } = await held(locals, params.id, request);
    const { typed, details, wrong } = await readWatch(sent);
    if (!details) {
      return fail(400, { message: words.form.wrong(Object.keys(wrong).length), typed, wrong });
    }
    const failed = await orFail(() => changeWatch(desk.db, desk.actor, id, seen, details));
    if (typeof failed !== 'number') return fail(409, { message: failed.data.message, typed, wrong });
    return { done: words.form.saved };
  },

  switch: async ({ locals, params, request }) => {
    const { desk, sent, id, seen } = await held(locals, params.id, request);
    const enabled = field(sent, 'to') === 'on';
    const failed = await orFail(() => changeWatch(desk.db, desk.actor, id, seen, { enabled }));
    if (typeof failed !== 'number') return failed;
    return { done: enabled ? words.page.resumed : words.page.paused };
  },

  archive: async ({ locals, params, request }) => {
    const { desk, sent, id, seen } = await held(locals, params.id, request);
    const archived = field(sent, 'to') !== 'back';
    const failed = await orFail(() => changeWatch(desk.db, desk.actor, id, seen, { archived }));
    if (typeof failed !== 'number') return failed;
    return { done: archived ? words.page.archivedNow : words.page.takenBack };
  },

  restore: async ({ locals, params, request }) => {
    const { desk, sent, id, seen } = await held(locals, params.id, request);
    const version = Number(field(sent, 'restore')) || 0;
    const failed = await orFail(() => restoreWatch(desk.db, desk.actor, id, seen, version));
    if (typeof failed !== 'number') return failed;
    return { done: words.page.restored };
  },
};
