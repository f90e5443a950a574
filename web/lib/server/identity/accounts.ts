import type { Desk } from '../desk.ts';
import { hub } from '../hub.ts';
import { door } from './here.ts';
import { invite } from './invitations.ts';
import { endAll } from './sessions.ts';

/** A link as it is shown once, whole. */
export type InvitationLink = { url: string; expiresAt: Date };

/**
 * An invitation to somebody of the desk's scope.
 * @returns null when their account is closed
 */
export async function inviteFrom(desk: Desk, personId: string): Promise<InvitationLink | null> {
  const made = await invite(door(), desk.actor, personId);
  return made && { url: hub().runtime.address + made.path, expiresAt: made.expiresAt };
}

/** Ends every session of somebody whose account has been closed. */
export async function endSessionsFrom(desk: Desk, personId: string): Promise<void> {
  await endAll(door(), desk.actor, personId, null);
}
