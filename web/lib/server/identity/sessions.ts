import { randomUUID } from 'node:crypto';
import type { RequestEvent } from '@sveltejs/kit';
import type { PoolClient } from 'pg';
import { isWithin } from '../../../../config/addresses.ts';
import { isAdministrator } from '../../../../config/access/roles.ts';
import type { SignInSettings } from '../../../../config/sign-in.ts';
import type { Actor } from '../../../../store/actor.ts';
import { appendAudit } from '../../../../store/audit.ts';
import { tellLive } from '../../../../store/live.ts';
import { lockPerson } from '../../../../store/passwords.ts';
import { grantsOf } from '../../../../store/people.ts';
import { transaction } from '../../../../store/pool.ts';
import type { Grant } from '../../../../store/scope.ts';
import {
  addSession,
  endSession,
  endSessionsBut,
  keepNewest,
  noteEndedOthers,
  settle,
} from '../../../../store/sessions.ts';
import { deviceOf } from './device.ts';
import type { SessionFactor } from './factor-rule.ts';
import { newToken, type Door } from './ground.ts';

/** Where somebody comes from, and with what. */
export type Arrival = { place: string; device: string };

export function arrivalOf(event: Pick<RequestEvent, 'getClientAddress' | 'request'>): Arrival {
  return { place: event.getClientAddress(), device: deviceOf(event.request.headers.get('user-agent')) };
}

/** `not-here`: administrators may not come from there. `disabled`: the person has left. */
export type Begun = { outcome: 'in'; token: string } | { outcome: 'disabled' } | { outcome: 'not-here' };

/**
 * Opens a session, whatever it was that the person has proved who they are by: under a new token, with an entry in the log.
 * The only way in.
 * @param how what the log keeps of it
 */
export async function beginSession(
  client: PoolClient,
  personId: string,
  arrival: Arrival,
  factor: SessionFactor | null,
  settings: SignInSettings,
  how: Record<string, unknown>,
): Promise<Begun> {
  const person = await lockPerson(client, personId);
  if (!person) return { outcome: 'disabled' };
  const entry = {
    ...{ id: personId, officeId: person.officeId, role: 'self' as const, address: arrival.place },
    ...{ action: 'sign-in', subject: `person:${personId}` },
  };
  const grants = await grantsOf(client, personId);
  if (!mayComeFrom(arrival.place, grants, settings.administratorAddresses)) {
    await appendAudit(client, { ...entry, after: { result: 'refused', why: 'address', ...how } });
    return { outcome: 'not-here' };
  }
  const { idleMinutes } = settings;
  // Who knows no more than the password pushes nobody out but others who know no more.
  await keepNewest(client, personId, { settled: false, keep: allowed(grants, settings) - 1, idleMinutes });
  const token = newToken();
  const { place, device } = arrival;
  const id = randomUUID();
  await addSession(client, {
    ...{ id, personId, token, factor, place, device },
    hours: settings.absoluteHours,
  });
  await appendAudit(client, { ...entry, after: { result: 'signed-in', device, ...how } });
  return { outcome: 'in', token };
}

function allowed(grants: readonly Pick<Grant, 'role'>[], { sessionsPerPerson }: SignInSettings): number {
  return hasAdministrator(grants) ? 1 : sessionsPerPerson;
}

/**
 * A session has come as far as the desk, with everything given that was asked for: the oldest of its person's other
 * sessions are ended that are too many now.
 * @returns how many were ended
 */
export async function settleSession(
  { db, settings }: Pick<Door, 'db' | 'settings'>,
  person: { id: string; officeId: number; grants: readonly Pick<Grant, 'role'>[] },
  sessionId: string,
  place: string,
): Promise<number> {
  const { id, officeId, grants } = person;
  return transaction(db, async (client) => {
    // Of two that settle at once, the second sees the first.
    if (!(await lockPerson(client, id))) return 0;
    if (!(await settle(client, sessionId))) return 0;
    const { idleMinutes } = settings;
    const ended = await keepNewest(client, id, {
      ...{ settled: true, own: sessionId, idleMinutes },
      keep: allowed(grants, settings),
    });
    if (ended === 0) return 0;
    await noteEndedOthers(client, sessionId, ended);
    await appendAudit(client, {
      ...{ id, officeId, role: 'self' as const, address: place },
      action: 'session-end',
      subject: `person:${id}`,
      before: { sessions: ended },
      after: { why: 'too-many' },
    });
    await tellLive(client, { kind: 'access', personId: id });
    return ended;
  });
}

/** Whether somebody with these roles may work from an address: administrators only from those that are set. */
export function mayComeFrom(
  place: string,
  grants: readonly Pick<Grant, 'role'>[],
  administratorAddresses: readonly string[],
): boolean {
  if (administratorAddresses.length === 0 || !hasAdministrator(grants)) return true;
  return isWithin(place, administratorAddresses);
}

export function hasAdministrator(grants: readonly Pick<Grant, 'role'>[]): boolean {
  return grants.some(({ role }) => isAdministrator(role));
}

/** Ends one's own session, at one's own wish. */
export async function signOut({ db }: Pick<Door, 'db'>, actor: Actor, id: string): Promise<void> {
  await transaction(db, async (client) => {
    await endSession(client, actor.id, id);
    await appendAudit(client, { ...actor, action: 'sign-out', subject: `person:${actor.id}` });
    await tellLive(client, { kind: 'access', personId: actor.id });
  });
}

/** Ends one session of a person. @returns false when they have no such session */
export async function endOne(
  { db }: Pick<Door, 'db'>,
  actor: Actor,
  personId: string,
  id: string,
): Promise<boolean> {
  return transaction(db, async (client) => {
    const ended = await endSession(client, personId, id);
    if (!ended) return false;
    const { place, device } = ended;
    await appendAudit(client, {
      ...actor,
      action: 'session-end',
      subject: `person:${personId}`,
      before: { place, device },
    });
    await tellLive(client, { kind: 'access', personId });
    return true;
  });
}

/** Ends all sessions of a person but one. @param but the one that goes on; null: none. @returns how many were ended */
export async function endAll(
  { db }: Pick<Door, 'db'>,
  actor: Actor,
  personId: string,
  but: string | null,
): Promise<number> {
  return transaction(db, async (client) => {
    const ended = await endSessionsBut(client, personId, but);
    if (ended === 0) return 0;
    await appendAudit(client, {
      ...actor,
      action: 'session-end',
      subject: `person:${personId}`,
      before: { sessions: ended },
    });
    await tellLive(client, { kind: 'access', personId });
    return ended;
  });
}
