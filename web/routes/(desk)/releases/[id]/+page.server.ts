import { error, fail, type RequestEvent } from '@sveltejs/kit';
import { Refused } from '../../../../../config/errors.ts';
import { cancelDelivery, deliveriesOf, scheduleDelivery } from '../../../../../store/deliveries.ts';
import { releaseById, saveRelease } from '../../../../../store/releases.ts';
import { fullTime } from '../../../../lib/format.ts';
import { messages } from '../../../../lib/messages.ts';
import { dueTime, whens } from '../../../../lib/schedule.ts';
import { hub } from '../../../../lib/server/hub.ts';
import { readId } from '../../../../lib/server/read-id.ts';
import { readReleaseForm, sameContent, type ReleaseForm } from '../../../../lib/server/release-form.ts';
import { mayWriteReleases, signedIn, type Person } from '../../../../lib/server/session.ts';
import type { Actions, PageServerLoad } from './$types';

const words = messages.releases;

export const load: PageServerLoad = async ({ locals, params, url, depends }) => {
  depends('live:releases');
  const person = signedIn(locals);
  const id = readId(params.id);
  const [release, deliveries] = await Promise.all([
    releaseById(hub().store, person.officeId, id),
    deliveriesOf(hub().store, person.officeId, id),
  ]);
  if (!release) error(404, messages.errors.notFound);
  return {
    release,
    deliveries: deliveries.map(({ content: _, ...delivery }) => delivery),
    mayWrite: mayWriteReleases(person),
    created: url.searchParams.has('created'),
  };
};

/** Saves what the editor holds over the version that it was opened with. @returns the version as it then stands */
async function save(person: Person, id: number, form: ReleaseForm) {
  const { typed } = form;
  if ('problem' in form) return { failure: fail(400, { message: form.problem, typed }) };
  const release = await releaseById(hub().store, person.officeId, id);
  if (!release || release.version !== typed.version || release.state !== 'draft') {
    return { failure: fail(409, { message: words.changedElsewhere, typed }) };
  }
  if (sameContent(release, form.content)) return { version: release.version };
  try {
    await saveRelease(hub().store, person, id, release.version, form.content);
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    return { failure: fail(409, { message: thrown.message, typed }) };
  }
  return { version: release.version + 1 };
}

/** Everything that changes a release is for those who write them. */
function writer(event: RequestEvent<{ id: string }>) {
  const person = signedIn(event.locals);
  if (!mayWriteReleases(person)) error(403, messages.errors.forbidden);
  return { person, id: readId(event.params.id) };
}

export const actions: Actions = {
  save: async (event) => {
    const { person, id } = writer(event);
    const saved = await save(person, id, readReleaseForm(await event.request.formData()));
    return saved.failure ?? { done: words.saved, version: saved.version };
  },

  schedule: async (event) => {
    const { person, id } = writer(event);
    const sent = await event.request.formData();
    const form = readReleaseForm(sent);
    const when = whens.find((known) => known === sent.get('when')) ?? 'at';
    const time = dueTime(when, String(sent.get('at') ?? ''), new Date());
    // Before the save: the editor would not hear of the new version.
    if ('problem' in time) return fail(400, { message: time.problem, typed: form.typed });
    const saved = await save(person, id, form);
    if (saved.failure) return saved.failure;
    const release = { id, version: saved.version };
    const delivery = await scheduleDelivery(hub().store, person, release, 'website', time.due);
    if (delivery === null) return fail(409, { message: words.noLongerDraft });
    return { done: when === 'now' ? words.publishingNow : words.scheduled(fullTime(time.due)) };
  },

  cancel: async (event) => {
    const { person, id } = writer(event);
    const cancelled = await cancelDelivery(hub().store, person, id);
    return cancelled ? { done: words.cancelled } : fail(409, { message: words.noLongerWaiting });
  },
};
