import { fail, type RequestEvent } from '@sveltejs/kit';
import { roles } from '../../../../../../config/access/roles.ts';
import {
  changePerson,
  disablePerson,
  enablePerson,
  movePerson,
} from '../../../../../../store/person-changes.ts';
import { grantRole, grantsOfPerson, revokeRole } from '../../../../../../store/role-grants.ts';
import { fromShanghaiInput } from '../../../../../lib/format.ts';
import { manageMessages } from '../../../../../lib/messages/manage.ts';
import { acting, may, reading } from '../../../../../lib/server/desk.ts';
import { field, officeField, orFail } from '../../../../../lib/server/form.ts';
import { endSessionsFrom, inviteFrom } from '../../../../../lib/server/identity/accounts.ts';
import { findPerson } from '../../../../../lib/server/person-record.ts';
import type { Actions, PageServerLoad } from './$types';

const words = manageMessages.persons;

export const load: PageServerLoad = async ({ locals, params }) => {
  const { db, person: reader } = reading(locals);
  const person = await findPerson(db, params.id);
  return {
    account: person,
    grants: await grantsOfPerson(db, person.id),
    own: person.id === reader.id,
    mayWrite: may(reader, 'person-write'),
    mayGrant: may(reader, 'role-write'),
  };
};

/** The person that an action is about. @throws 404 when they are not within the action's scope */
async function find({ locals, params }: RequestEvent<{ id: string }>) {
  const desk = acting(locals);
  return { desk, person: await findPerson(desk.db, params.id) };
}

export const actions: Actions = {
  details: async (event) => {
    const { desk, person } = await find(event);
    const sent = await event.request.formData();
    const typed = { name: field(sent, 'name'), email: field(sent, 'email') };
    return orFail(async () => {
      await changePerson(desk.db, desk.actor, person.id, typed);
      return { done: words.saved };
    });
  },

  invite: async (event) => {
    const { desk, person } = await find(event);
    const link = await inviteFrom(desk, person.id);
    return link ? { link } : fail(409, { message: manageMessages.grants.disabled });
  },

  move: async (event) => {
    const { desk, person } = await find(event);
    const sent = await event.request.formData();
    const to = await officeField(desk, sent);
    if (!to) return fail(400, { message: manageMessages.noSuchOffice });
    const told = sent.getAll('ending').map(Number);
    return orFail(async () => {
      await movePerson(desk.db, desk.actor, person.id, to.id, told);
      return { done: words.moved };
    });
  },

  disable: async (event) => {
    const { desk, person } = await find(event);
    return orFail(async () => {
      await disablePerson(desk.db, desk.actor, person.id);
      await endSessionsFrom(desk, person.id);
      return { done: words.disabledDone };
    });
  },

  enable: async (event) => {
    const { desk, person } = await find(event);
    return orFail(async () => {
      await enablePerson(desk.db, desk.actor, person.id);
      return { done: words.enabled };
    });
  },

  grant: async (event) => {
    const { desk, person } = await find(event);
    const { grants: said, noSuchOffice } = manageMessages;
    const sent = await event.request.formData();
    const role = roles.find((known) => known === sent.get('role'));
    if (!role) return fail(400, { message: said.chooseRole });
    const office = await officeField(desk, sent);
    if (!office) return fail(400, { message: noSuchOffice });
    const day = field(sent, 'until');
    // The day itself still counts.
    const untilAt = day === '' ? null : fromShanghaiInput(`${day}T23:59:59`);
    if (day !== '' && untilAt === null) return fail(400, { message: said.badUntil });
    const kind = sent.get('kind') === 'deputy' ? 'deputy' : 'holder';
    return orFail(async () => {
      const grant = { personId: person.id, officeId: office.id, role, kind, untilAt } as const;
      await grantRole(desk.db, desk.actor, grant);
      return { done: said.granted };
    });
  },

  revoke: async (event) => {
    const { desk, person } = await find(event);
    const id = Number((await event.request.formData()).get('grant'));
    return orFail(async () => {
      await revokeRole(desk.db, desk.actor, person.id, Number.isSafeInteger(id) ? id : 0);
      return { done: manageMessages.grants.revoked };
    });
  },
};
