import { fail } from '@sveltejs/kit';
import { stoppedSources } from '../../../../../store/edited-sources.ts';
import { resumeCrawling, resumeSource, stopCrawling, stopsStanding } from '../../../../../store/stops.ts';
import { sourceMessages } from '../../../../lib/messages/sources.ts';
import { acting, reading, type Desk } from '../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../lib/server/form.ts';
import type { Actions, PageServerLoad } from './$types';

const words = sourceMessages.stops;

export const load: PageServerLoad = async ({ locals, depends }) => {
  depends('live:sources');
  const desk = reading(locals);
  const [stops, sources] = await Promise.all([
    stopsStanding(desk.db, desk.offices),
    stoppedSources(desk.db, desk.offices),
  ]);
  return { stops: stops.map((stop) => ({ ...stop, own: isWithin(desk, stop.officeId) })), sources };
};

function isWithin({ offices }: Desk, officeId: number): boolean {
  return offices === null || offices.includes(officeId);
}

function idIn(sent: FormData): number {
  const text = field(sent, 'id');
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0;
}

export const actions: Actions = {
  stop: async ({ locals, request }) => {
    const { db, actor } = acting(locals);
    const sent = await request.formData();
    const typed = { what: field(sent, 'what'), host: field(sent, 'host'), reason: field(sent, 'reason') };
    if (typed.what !== 'all' && typed.host.trim() === '') return fail(400, { message: words.badHost, typed });
    const host = typed.what === 'all' ? null : typed.host;
    const failed = await orFail(() => stopCrawling(db, actor, { host, reason: typed.reason }));
    return failed ? fail(409, { ...failed.data, typed }) : { done: words.stopped };
  },

  resume: async ({ locals, request }) => {
    const desk = acting(locals);
    const id = idIn(await request.formData());
    const standing = (await stopsStanding(desk.db, desk.offices)).find((stop) => stop.id === id);
    if (!standing) return fail(409, { message: words.gone });
    if (!isWithin(desk, standing.officeId)) return fail(409, { message: words.above });
    await resumeCrawling(desk.db, desk.actor, id);
    return { done: words.resumed };
  },

  resumeSource: async ({ locals, request }) => {
    const desk = acting(locals);
    const id = idIn(await request.formData());
    const stopped = await stoppedSources(desk.db, desk.offices);
    if (!stopped.some((source) => source.id === id)) return fail(409, { message: words.gone });
    await resumeSource(desk.db, desk.actor, id);
    return { done: words.resumed };
  },
};
