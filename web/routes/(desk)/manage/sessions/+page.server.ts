import { listPeople } from '../../../../../store/people-list.ts';
import { sessionCounts } from '../../../../../store/sessions.ts';
import { locksOf } from '../../../../../store/sign-in-tries.ts';
import { reading } from '../../../../lib/server/desk.ts';
import { door } from '../../../../lib/server/identity/here.ts';
import type { PageServerLoad } from './$types';

const SHOWN = 20;

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db: scoped, offices } = reading(locals);
  const { db, settings } = door();
  const q = (url.searchParams.get('q') ?? '').trim().slice(0, 80);
  const found = q === '' ? [] : await listPeople(scoped, offices, { text: q, role: null, state: null }, 1);
  const people = found.slice(0, SHOWN);
  const ids = people.map(({ id }) => id);
  const [counts, locks] = await Promise.all([
    sessionCounts(db, ids, settings.idleMinutes),
    locksOf(db, offices),
  ]);
  return {
    q,
    people: people.map(({ id, name, email, officeName, disabledAt }) => ({
      ...{ id, name, email, officeName },
      disabled: disabledAt !== null,
      sessions: counts.get(id) ?? 0,
    })),
    shown: found.length > SHOWN ? SHOWN : null,
    locks,
  };
};
