import { createHash, randomBytes } from 'node:crypto';
import type { Cookies, RequestEvent } from '@sveltejs/kit';
import { isFresh } from '../../../../store/session-factors.ts';
import { factorMessages } from '../../messages/factors.ts';
import { acting } from '../desk.ts';
import { hub } from '../hub.ts';
import { setAuthCookies } from '../session.ts';
import { site } from '../site.ts';
import type { Door, FactorRefusal, Ground, Self } from './ground.ts';
import { openTries } from './lock-out.ts';
import { relyingParty, type NoPasskeys, type RelyingParty } from './relying-party.ts';

/** What the code that signs people in stands on, in this process. */
export function ground(): Ground {
  const { identity, cipher, runtime } = hub();
  return { db: identity, cipher, tries: openTries(identity, runtime.hub.signIn, 'code') };
}

/** What signing in and sessions stand on, in this process. */
export function door(): Door {
  const { identity, runtime } = hub();
  return { db: identity, settings: runtime.hub.signIn, officeId: runtime.officeId };
}

/** The hub as passkeys know it, or why it has none. */
export function party(): RelyingParty | NoPasskeys {
  return relyingParty(hub().runtime.address, site().name);
}

/** Who acts on their own account, in a form action or an endpoint. */
export function self(locals: App.Locals): Self {
  const { actor, person } = acting(locals);
  return { actor, email: person.email, session: person.session };
}

/**
 * Whether the session may change factors: its person has proved who they are just now. A session that was left open, or
 * stolen, must not be made into a key of somebody else's.
 */
export function mayChangeFactors(locals: App.Locals): Promise<boolean> {
  return isFresh(hub().identity, acting(locals).person.session.id);
}

/** Hands the browser the token under which its session goes on. */
export async function goOnAs(event: Pick<RequestEvent, 'cookies' | 'request'>, token: string): Promise<void> {
  const { headers } = await hub().auth.api.handOutSession({
    body: { token },
    headers: event.request.headers,
    returnHeaders: true,
  });
  setAuthCookies(event.cookies, headers);
}

/** Takes the session's cookie from the browser. */
export async function dropCookie(event: Pick<RequestEvent, 'cookies' | 'request'>): Promise<void> {
  const { headers } = await hub().auth.api.dropCookie({
    headers: event.request.headers,
    returnHeaders: true,
  });
  setAuthCookies(event.cookies, headers);
}

/** Status and words for a second factor that was not taken. @param wrong the words for one that does not fit */
export function refusalOf(refusal: FactorRefusal, wrong: string): { status: number; message: string } {
  const words = factorMessages.refused;
  switch (refusal.outcome) {
    case 'wrong':
      return { status: 400, message: wrong };
    case 'used':
    case 'copied':
      return { status: 400, message: words[refusal.outcome] };
    case 'ended':
      return { status: 409, message: words.ended };
    case 'wait':
      return { status: 429, message: words.wait(Math.ceil(refusal.seconds / 60)) };
    case 'clock': {
      const minutes = Math.ceil(Math.abs(refusal.minutes));
      return { status: 400, message: refusal.minutes < 0 ? words.slow(minutes) : words.fast(minutes) };
    }
  }
}

/**
 * Marks the browser for the minutes that a sign-in takes, before there is a session.
 * @param site 'strict' where the browser stays here; 'lax' where another site sends it back
 * @returns what the database keeps of the mark
 */
export function markBrowser(
  cookies: Cookies,
  name: string,
  path: string,
  sameSite: 'strict' | 'lax',
): string {
  const mark = randomBytes(24).toString('base64url');
  const secure = hub().runtime.address.startsWith('https:');
  cookies.set(name, mark, { path, httpOnly: true, secure, sameSite, maxAge: 600 });
  return hashed(mark);
}

/** What the database has kept of this browser's mark; empty where there is none. */
export function markOf(cookies: Cookies, name: string): string {
  const mark = cookies.get(name);
  return mark === undefined ? '' : hashed(mark);
}

function hashed(mark: string): string {
  return createHash('sha256').update(mark).digest('base64url');
}

export const PASSKEY_MARK = 'jiansheng.passkey';
export const OIDC_MARK = 'jiansheng.oidc';
