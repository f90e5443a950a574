import { error } from '@sveltejs/kit';
import { roles } from '../../../../../config/access/roles.ts';
import { officeRow } from '../../../../../store/offices.ts';
import {
  countPeople,
  listPeople,
  PEOPLE_PER_PAGE,
  personStates,
  type PersonFilter,
} from '../../../../../store/people-list.ts';
import { within } from '../../../../../store/scope.ts';
import { messages } from '../../../../lib/messages.ts';
import { may, reading } from '../../../../lib/server/desk.ts';
import { readId } from '../../../../lib/server/read-id.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, scope, offices, person } = reading(locals);
  const params = url.searchParams;
  const filter: PersonFilter = {
    text: (params.get('q') ?? '').slice(0, 100),
    role: roles.find((role) => role === params.get('role')) ?? null,
    state: personStates.find((state) => state === params.get('state')) ?? null,
  };
  const named = params.get('office');
  const at = named === null || named === '' ? null : await officeRow(db, offices, readId(named));
  if (named && !at) error(404, messages.errors.notFound);
  const chosen = at ? await within(db, scope, at.id) : offices;
  const asked = Number(params.get('page'));
  const page = Number.isInteger(asked) && asked > 0 ? Math.min(asked, 10_000) : 1;
  const [total, people] = await Promise.all([
    countPeople(db, chosen, filter),
    listPeople(db, chosen, filter, page),
  ]);
  return {
    ...{ filter, page, total, people, at },
    pages: Math.max(1, Math.ceil(total / PEOPLE_PER_PAGE)),
    mayWrite: may(person, 'person-write'),
    mayExport: may(person, 'person-export'),
  };
};
