import { welcome } from '../../../../store/sessions.ts';
import type { Person } from '../session.ts';
import { door } from './here.ts';

/** Other sessions of somebody who has just signed in: said once, on their first page. Null: there is nothing to say. */
export async function otherSessions(person: Person): Promise<{ others: number; ended: number } | null> {
  const { id, session, hindrance } = person;
  if (session.welcomed || hindrance !== null) return null;
  const others = await welcome(door().db, session.id, id);
  const ended = session.endedOthers;
  return others > 0 || ended > 0 ? { others, ended } : null;
}
