import { error, fail, type RequestEvent } from '@sveltejs/kit';
import {
  closeOffice,
  moveOffice,
  renameOffice,
  reopenOffice,
} from '../../../../../../store/office-changes.ts';
import { officeLine, officeRow, officesAbove } from '../../../../../../store/offices.ts';
import { manageMessages } from '../../../../../lib/messages/manage.ts';
import { messages } from '../../../../../lib/messages.ts';
import { acting, may, reading } from '../../../../../lib/server/desk.ts';
import { field, officeField, orFail } from '../../../../../lib/server/form.ts';
import { readId } from '../../../../../lib/server/read-id.ts';
import type { Actions, PageServerLoad } from './$types';

const words = manageMessages.tree;

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, offices, person } = reading(locals);
  const id = readId(params.id);
  const [office, above] = await Promise.all([officeLine(db, offices, id), officesAbove(db, offices, id)]);
  if (!office) error(404, messages.errors.notFound);
  return {
    office,
    above,
    mayWrite: may(person, 'office-write'),
    mayReadPeople: may(person, 'person-read'),
    created: url.searchParams.has('created'),
  };
};

/** The office that an action is about. @throws 404 when it is not within the action's scope */
async function find({ locals, params }: RequestEvent<{ id: string }>) {
  const desk = acting(locals);
  const office = await officeRow(desk.db, desk.offices, readId(params.id));
  if (!office) error(404, messages.errors.notFound);
  return { desk, office };
}

export const actions: Actions = {
  rename: async (event) => {
    const { desk, office } = await find(event);
    const name = field(await event.request.formData(), 'name');
    return orFail(async () => {
      await renameOffice(desk.db, desk.actor, office.id, name);
      return { done: words.renamed };
    });
  },

  move: async (event) => {
    const { desk, office } = await find(event);
    const to = await officeField(desk, await event.request.formData(), 'parent');
    if (!to) return fail(400, { message: manageMessages.noSuchOffice });
    return orFail(async () => {
      await moveOffice(desk.db, desk.actor, office.id, to.id);
      return { done: words.moved };
    });
  },

  close: async (event) => {
    const { desk, office } = await find(event);
    return orFail(async () => {
      await closeOffice(desk.db, desk.actor, office.id);
      return { done: words.closedDone };
    });
  },

  reopen: async (event) => {
    const { desk, office } = await find(event);
    return orFail(async () => {
      await reopenOffice(desk.db, desk.actor, office.id);
      return { done: words.reopened };
    });
  },
};
