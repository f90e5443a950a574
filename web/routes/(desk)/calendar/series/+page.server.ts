import { fail } from '@sveltejs/kit';
import { publishingSettings, savePublishingSettings } from '../../../../../store/publishing-settings.ts';
import {
  addSeries,
  archiveSeries,
  changeSeries,
  pauseSeries,
  releaseSeries,
} from '../../../../../store/release-series.ts';
import { releaseTemplates } from '../../../../../store/release-templates.ts';
import { seriesMessages as words } from '../../../../lib/messages/series.ts';
import { acting, reading } from '../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../lib/server/form.ts';
import { readId } from '../../../../lib/server/read-id.ts';
import { fieldsOf, readSeries, readSettings } from '../../../../lib/server/series-form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const { db, office } = reading(locals);
  const [settings, series, archived, templates] = await Promise.all([
    publishingSettings(db, office),
    releaseSeries(db, [office]),
    releaseSeries(db, [office], true),
    releaseTemplates(db, office),
  ]);
  return {
    ...{ settings, series },
    archived: archived.map(({ id, name }) => ({ id, name })),
    templates: templates
      .filter(({ shipped }) => !shipped)
      .map(({ id, name, content: { type } }) => ({ id, name, type })),
  };
};

type Fields = [string, string][];
/** What a form says that went well, and the form that takes it back. */
const did = (done: string, action: string, fields: Fields) => ({ done, undo: { action, fields } });
const only = (id: number): Fields => [['id', String(id)]];

export const actions: Actions = {
  settings: async ({ locals, request }) => {
    const { db, actor } = acting(locals);
    const settings = readSettings(await request.formData());
    if ('problem' in settings) return fail(400, { message: settings.problem });
    await savePublishingSettings(db, actor, settings);
    return { done: words.settings.saved };
  },

  add: async ({ locals, request }) => {
    const { db, actor } = acting(locals);
    const plan = readSeries(await request.formData());
    if ('problem' in plan) return fail(400, { message: plan.problem });
    return orFail(async () => {
      const id = await addSeries(db, actor, plan);
      return did(words.added(plan.name), 'archive', only(id));
    });
  },

  change: async ({ locals, request }) => {
    const { db, actor } = acting(locals);
    const sent = await request.formData();
    const plan = readSeries(sent);
    if ('problem' in plan) return fail(400, { message: plan.problem });
    const id = readId(field(sent, 'id'));
    return orFail(async () => {
      const before = await changeSeries(db, actor, id, plan);
      return did(words.changed(plan.name), 'change', fieldsOf(id, before));
    });
  },

  pause: (event) => turn(event, pauseSeries, true, words.pausedDone, 'resume'),
  resume: (event) => turn(event, pauseSeries, false, words.resumed, 'pause'),
  archive: (event) => turn(event, archiveSeries, true, words.archivedDone, 'restore'),
  restore: (event) => turn(event, archiveSeries, false, words.restored, 'archive'),
};

async function turn(
  { locals, request }: { locals: App.Locals; request: Request },
  act: typeof pauseSeries,
  on: boolean,
  told: (name: string) => string,
  back: string,
) {
  const { db, actor } = acting(locals);
  const named = field(await request.formData(), 'id');
  if (named === '') return fail(400, { message: words.noSuch });
  const id = readId(named);
  return orFail(async () => did(told(await act(db, actor, id, on)), back, only(id)));
}
