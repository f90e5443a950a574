import { error, fail, redirect } from '@sveltejs/kit';
import { heatWeights } from '../../../../../config/heat.ts';
import { mergeConcerns, muteConcern, pinConcern, renameConcern } from '../../../../../store/concern-acts.ts';
import {
  addConcernNote,
  concernNotes,
  concernReleases,
  linkConcernRelease,
  removeConcernNote,
  unlinkConcernRelease,
} from '../../../../../store/concern-notes.ts';
import { concernSpread, concernTimeline } from '../../../../../store/concern-spread.ts';
import {
  concernById,
  concernHandOvers,
  concernPlaces,
  concernVoices,
  concernWarnings,
  SAMPLED,
  type ConcernView,
} from '../../../../../store/concern-view.ts';
import { concernActs, undoConcernAct } from '../../../../../store/concern-undo.ts';
import { standingConcern } from '../../../../../store/concerns.ts';
import { firstHour } from '../../../../../store/first-hour.ts';
import { RISING } from '../../../../../store/trending.ts';
import { listReleases } from '../../../../../store/release-list.ts';
import { messages } from '../../../../lib/messages.ts';
import { concernPageMessages } from '../../../../lib/messages/concern.ts';
import { bars, periods, rangeOf, type Period } from '../../../../lib/overview.ts';
import { handedOn } from '../../../../lib/page-link.ts';
import { usualOf } from '../../../../lib/server/concerns.ts';
import { acting, reaches, reading, type Desk } from '../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../lib/server/form.ts';
import { placeName } from '../../../../lib/server/places.ts';
import { readId } from '../../../../lib/server/read-id.ts';
import { personalIn } from '../../../../lib/server/watch-trial.ts';
import type { Actions, PageServerLoad } from './$types';

const words = concernPageMessages;
const DAY = 86_400_000;
const LONGEST_NAME = 60;
const LONGEST_NOTE = 2_000;

export const load: PageServerLoad = async ({ locals, params, url, depends }) => {
  depends('live:concerns', 'live:warnings', 'live:releases', 'live:hand-overs');
  const desk = reading(locals);
  const { db } = desk;
  const concern = await found(desk, params.id);
  if (concern.mergedInto !== null) {
    const standing = await standingConcern(db, concern.id);
    if (standing !== null && standing !== concern.id) redirect(303, `/concerns/${standing}${handedOn(url)}`);
  }
  const now = new Date();
  const period = periodOf(url.searchParams.get('period'), concern, now);
  // Of one that sleeps, the time up to its last posts is what there is to see.
  const end = new Date(Math.min(now.getTime(), concern.lastAt.getTime() + DAY / 4));
  const range = rangeOf(period, concern.asleepAt ? end : now);
  const [timeline, outlets, places, voices, warnings, releases, handOvers, notes, acts, first, mayWrite] =
    await Promise.all([
      concernTimeline(db, concern, range),
      concernSpread(db, concern.id),
      concernPlaces(db, concern.id),
      concernVoices(db, concern.id),
      concernWarnings(db, concern.id),
      concernReleases(db, concern.id),
      concernHandOvers(db, concern.id),
      concernNotes(db, concern.id),
      concernActs(db, concern.id),
      firstHour(db, [concern.officeId]),
      reaches(desk.person, 'concern-write', concern.officeId),
    ]);
  return {
    ...{ concern, period, range, outlets, voices, warnings, releases, handOvers, notes, acts, mayWrite },
    bars: bars(timeline.points, timeline.gaps, range, {
      sources: new Set(outlets.map(({ sourceId }) => sourceId)).size,
      firstHour: first,
      now,
    }),
    heatFormula: [words.heatFormula(heatWeights), words.trendFormula(heatWeights.trend)],
    usual: await usualOf(db, concern, range),
    places: places.map((row) => ({ ...row, name: placeName(row.place) ?? row.place })),
    sampled: concern.posts > SAMPLED ? SAMPLED : null,
    linkable: mayWrite ? await linkable(desk, concern, releases) : [],
    said: saidOf(url.searchParams),
  };
};

/** What was done on the way here, and the act by which it is undone. */
function saidOf(params: URLSearchParams): { done: string; act?: number } | null {
  const done = { merged: words.mergedNow, split: words.splitDone }[params.get('said') ?? ''];
  const act = Number(params.get('act'));
  return done === undefined ? null : { done, ...(Number.isInteger(act) && act > 0 && { act }) };
}

/** What is new or rises is seen by the hour, else an older concern by the day; unless somebody asked otherwise. */
function periodOf(asked: string | null, concern: ConcernView, now: Date): Period {
  const end = concern.asleepAt ? concern.lastAt : now;
  const age = end.getTime() - concern.firstAt.getTime();
  const rises = concern.asleepAt === null && (concern.trend ?? RISING) >= RISING;
  const usual = age <= DAY ? '24h' : age <= 7 * DAY || rises ? '7d' : '60d';
  return periods.find((period) => period === asked) ?? usual;
}

async function linkable({ db }: Desk, concern: ConcernView, linked: readonly { id: number }[]) {
  const all = await listReleases(db, [concern.officeId], {}, { limit: 50, offset: 0 });
  return all
    .filter(({ id }) => !linked.some((each) => each.id === id))
    .map(({ id, title }) => ({ id, title }));
}

async function found({ db }: Desk, id: string): Promise<ConcernView> {
  const concern = await concernById(db, readId(id));
  if (!concern) error(404, messages.errors.notFound);
  return concern;
}

/** The concern that an act is about, as the person has seen it. */
async function held(locals: App.Locals, id: string, request: Request) {
  const desk = acting(locals);
  const concern = await found(desk, id);
  const sent = await request.formData();
  const seen = { id: concern.id, version: Number(field(sent, 'version')) || 0 };
  return { desk, sent, concern, seen };
}

/** What came of an act: the sentence, and the act by which it is undone; or why nothing came of it. */
async function done(work: () => Promise<number>, text: string) {
  const act = await orFail(work);
  return typeof act === 'number' ? { done: text, act } : act;
}

const idOf = (sent: FormData, name: string) => {
  const text = field(sent, name);
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
};

/** The form does not say what of. */
const unnamed = () => fail(400, { message: messages.errors.notFound });

export const actions: Actions = {
  rename: async ({ locals, params, request }) => {
    const { desk, sent, seen } = await held(locals, params.id, request);
    const name = field(sent, 'name').toWellFormed().replaceAll('\0', '').replace(/\s+/gu, ' ').trim();
    if ([...name].length > LONGEST_NAME) return fail(400, { message: words.longName });
    if (name !== '' && (await personalIn(name)) !== null) return fail(400, { message: words.personalName });
    return done(() => renameConcern(desk.db, desk.actor, seen, name || null), words.renamed);
  },

  pin: async ({ locals, params, request }) => {
    const { desk, sent, seen } = await held(locals, params.id, request);
    const on = field(sent, 'to') === 'on';
    return done(() => pinConcern(desk.db, desk.actor, seen, on), on ? words.pinnedNow : words.unpinned);
  },

  mute: async ({ locals, params, request }) => {
    const { desk, sent, seen } = await held(locals, params.id, request);
    const on = field(sent, 'to') === 'on';
    return done(() => muteConcern(desk.db, desk.actor, seen, on), on ? words.mutedNow : words.unmuted);
  },

  merge: async ({ locals, params, request }) => {
    const { desk, sent, seen } = await held(locals, params.id, request);
    const id = idOf(sent, 'into');
    const into = id === null ? null : await concernById(desk.db, id);
    if (!into) return fail(400, { message: words.mergeNone });
    const act = await orFail(() =>
      mergeConcerns(desk.db, desk.actor, seen, { id: into.id, version: into.version }),
    );
    if (typeof act !== 'number') return act;
    return redirect(303, `/concerns/${into.id}?said=merged&act=${act}`);
  },

  undo: async ({ locals, params, request }) => {
    const { desk, sent } = await held(locals, params.id, request);
    const act = idOf(sent, 'act');
    if (act === null) return unnamed();
    const failed = await orFail(() => undoConcernAct(desk.db, desk.actor, act));
    return failed ?? { done: words.undid };
  },

  note: async ({ locals, params, request }) => {
    const { desk, sent, concern } = await held(locals, params.id, request);
    const text = field(sent, 'text').toWellFormed().replaceAll('\0', '').trim();
    if (text === '') return fail(400, { message: words.noNote });
    if ([...text].length > LONGEST_NOTE) return fail(400, { message: words.longNote });
    const made = await orFail(() => addConcernNote(desk.db, desk.actor, concern.id, text));
    return typeof made === 'object' && made !== null && 'status' in made ? made : { done: words.noted };
  },

  unnote: async ({ locals, params, request }) => {
    const { desk, sent } = await held(locals, params.id, request);
    const note = idOf(sent, 'note');
    if (note === null) return unnamed();
    await removeConcernNote(desk.db, desk.actor, note);
    return { done: words.noteRemoved };
  },

  link: async ({ locals, params, request }) => {
    const { desk, sent, concern } = await held(locals, params.id, request);
    const release = idOf(sent, 'release');
    if (release === null) return unnamed();
    await linkConcernRelease(desk.db, desk.actor, concern.id, release);
    return { done: words.linked };
  },

  unlink: async ({ locals, params, request }) => {
    const { desk, sent, concern } = await held(locals, params.id, request);
    const release = idOf(sent, 'release');
    if (release === null) return unnamed();
    await unlinkConcernRelease(desk.db, desk.actor, concern.id, release);
    return { done: words.unlinked };
  },
};
