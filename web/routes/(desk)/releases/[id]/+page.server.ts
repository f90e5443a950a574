import { error, fail, type RequestEvent } from '@sveltejs/kit';
import { Refused } from '../../../../../config/errors.ts';
import { deliveriesOf } from '../../../../../store/deliveries.ts';
import { cancelDelivery, scheduleRelease } from '../../../../../store/delivery-schedule.ts';
import { handOversAbout } from '../../../../../store/hand-overs.ts';
import { releaseById, saveRelease, type ReleaseRow } from '../../../../../store/releases.ts';
import { fullTime } from '../../../../lib/format.ts';
import { messages } from '../../../../lib/messages.ts';
import { dueTime, whens } from '../../../../lib/schedule.ts';
import { readId } from '../../../../lib/server/read-id.ts';
import {
  readReleaseForm,
  sameValues,
  valuesOf,
  withValues,
  type ReleaseForm,
} from '../../../../lib/server/release-form.ts';
import { acting, isShared, may, mayIn, reading, type Desk } from '../../../../lib/server/desk.ts';
import { handOver } from '../../../../lib/server/hand-over.ts';
import type { Actions, PageServerLoad } from './$types';

const words = messages.releases;

export const load: PageServerLoad = async ({ locals, params, url, depends }) => {
  depends('live:releases', 'live:hand-overs');
  const desk = reading(locals);
  const { db, person } = desk;
  const id = readId(params.id);
  const [release, deliveries, handOvers] = await Promise.all([
    releaseById(db, id),
    deliveriesOf(db, id),
    handOversAbout(db, 'release', id),
  ]);
  if (!release) error(404, messages.errors.notFound);
  return {
    release,
    values: valuesOf(release),
    deliveries: deliveries.map(({ content: _, ...delivery }) => delivery),
    mayWrite: mayIn(person, 'release-write', release.officeId),
    handOvers,
    maySend: isShared(desk, release.officeId)
      ? may(person, 'hand-over-send')
      : mayIn(person, 'hand-over-send', release.officeId),
    created: url.searchParams.has('created'),
  };
};

/** Saves what the editor holds over the version that it was opened with. @returns the version as it then stands */
async function save({ db, actor }: Desk, release: ReleaseRow, form: ReleaseForm) {
  const { typed } = form;
  if ('problem' in form) return { failure: fail(400, { message: form.problem, typed }) };
  if (release.version !== typed.version || release.state !== 'draft') {
    return { failure: fail(409, { message: words.changedElsewhere, typed }) };
  }
  if (sameValues(valuesOf(release), form.content)) return { version: release.version };
  try {
    await saveRelease(db, actor, release.id, release.version, withValues(release, form.content));
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    return { failure: fail(409, { message: thrown.message, typed }) };
  }
  return { version: release.version + 1 };
}

/** The release that an action is about. @throws 404 when it is not within the action's scope */
async function find(event: RequestEvent<{ id: string }>) {
  const desk = acting(event.locals);
  const release = await releaseById(desk.db, readId(event.params.id));
  // What was shared can be read, and changed only where it belongs.
  if (!release || !mayIn(desk.person, desk.action, release.officeId)) error(404, messages.errors.notFound);
  return { desk, release };
}

export const actions: Actions = {
  handOver: async ({ locals, params, request }) => {
    const desk = acting(locals);
    const release = await releaseById(desk.db, readId(params.id));
    if (!release) error(404, messages.errors.notFound);
    return handOver(desk, 'release', release.id, await request.formData());
  },

  save: async (event) => {
    const { desk, release } = await find(event);
    const saved = await save(desk, release, readReleaseForm(await event.request.formData()));
    return saved.failure ?? { done: words.saved, version: saved.version };
  },

  schedule: async (event) => {
    const { desk, release } = await find(event);
    const sent = await event.request.formData();
    const form = readReleaseForm(sent);
    const when = whens.find((known) => known === sent.get('when')) ?? 'at';
    const time = dueTime(when, String(sent.get('at') ?? ''), new Date());
    // Before the save: the editor would not hear of the new version.
    if ('problem' in time) return fail(400, { message: time.problem, typed: form.typed });
    const plan = [{ accountId: 'website', dueAt: time.due }] as const;
    try {
      await scheduleRelease(desk.db, desk.actor, release, plan, new Date());
    } catch (refused) {
      if (refused instanceof Refused) return fail(409, { message: refused.message, typed: form.typed });
      throw refused;
    }
    return { done: when === 'now' ? words.publishingNow : words.scheduled(fullTime(time.due)) };
  },

  cancel: async (event) => {
    const { desk, release } = await find(event);
    const cancelled = await cancelDelivery(desk.db, desk.actor, { releaseId: release.id }, new Date());
    return cancelled ? { done: words.cancelled } : fail(409, { message: words.noLongerWaiting });
  },
};
