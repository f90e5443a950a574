import { error } from '@sveltejs/kit';
import { rootsOf } from '../../../../store/scope.ts';
import { versionOf, versionsOf, wordList, wordLists } from '../../../../store/word-lists.ts';
import { messages } from '../../../lib/messages.ts';
import { acting, reading } from '../../../lib/server/desk.ts';
import { readId } from '../../../lib/server/read-id.ts';
import {
  checkList,
  differenceOf,
  listNamed,
  mayEdit,
  resetForm,
  restoreForm,
  saveForm,
  shippedList,
} from '../../../lib/server/word-lists.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const desk = reading(locals);
  const list = listNamed(url.searchParams.get('list'));
  const shown = url.searchParams.get('version');
  const shipped = await shippedList(list);
  const [current, versions, may] = await Promise.all([
    wordList(desk.db, list),
    versionsOf(desk.db, list),
    mayEdit(desk, rootsOf(desk.person.grants, 'word-list-write').own),
  ]);
  const body = current.body ?? shipped;
  const { entries } = await checkList(list, body);
  return {
    lists: wordLists,
    list,
    body,
    version: current.version,
    asShipped: current.body === null,
    entries,
    versions,
    mayEdit: may,
    shown: shown === null ? null : await changeIn(desk.db, list, readId(shown), shipped),
  };
};

/** What a version changed in the one before it. */
async function changeIn(
  db: Parameters<typeof versionOf>[0],
  list: Parameters<typeof versionOf>[1],
  version: number,
  shipped: string,
) {
  const [after, before] = await Promise.all([
    versionOf(db, list, version),
    version > 1 ? versionOf(db, list, version - 1) : null,
  ]);
  if (!after) error(404, messages.errors.notFound);
  return { version, ...(await differenceOf(before?.body ?? shipped, after.body ?? shipped)) };
}

export const actions: Actions = {
  save: async ({ locals, request }) => saveForm(acting(locals), await request.formData()),
  restore: async ({ locals, request }) => restoreForm(acting(locals), await request.formData()),
  reset: async ({ locals, request }) => resetForm(acting(locals), await request.formData()),
};
