import { error } from '@sveltejs/kit';
import { personById, type PersonRow } from '../../../store/people-list.ts';
import type { Queryable } from '../../../store/pool.ts';
import { messages } from '../messages.ts';

/** The person that an address names. @throws 404 when there is none within the scope of `db` */
export async function findPerson(db: Queryable, id: string): Promise<PersonRow> {
  // Also ids that other programs have given, as long as they can be one.
  const person = /^[\w-]{1,64}$/.test(id) ? await personById(db, id) : null;
  if (!person) error(404, messages.errors.notFound);
  return person;
}
