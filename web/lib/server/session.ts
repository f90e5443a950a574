import { error, type Cookies, type RequestEvent } from '@sveltejs/kit';
import { parseSetCookieHeader, toCookieOptions } from 'better-auth/cookies';
import { isEnrolled } from '../../../store/factors.ts';
import { grantsOf } from '../../../store/people.ts';
import type { Grant } from '../../../store/scope.ts';
import { messages } from '../messages.ts';
import { hub } from './hub.ts';
import { factorNeeded, isSessionFactor } from './identity/factor-rule.ts';
import type { OpenSession } from './identity/ground.ts';

export type Person = {
  id: string;
  name: string;
  email: string;
  officeId: number;
  /** The roles that the person holds now. */
  grants: readonly Grant[];
  mustChangePassword: boolean;
  session: OpenSession;
  /** What the session lacks before the desk is open to it. */
  factor: ReturnType<typeof factorNeeded>;
};

/** Who the request's session belongs to. A session in use is prolonged, with its cookie. */
export async function personOf(event: RequestEvent): Promise<Person | null> {
  const found = await hub().auth.api.getSession({ headers: event.request.headers, returnHeaders: true });
  setAuthCookies(event.cookies, found.headers);
  if (!found.response) return null;
  const { id, name, email, officeId, mustChangePassword } = found.response.user;
  const { session: row } = found.response;
  const { identity } = hub();
  const grants = await grantsOf(identity, id);
  const session = { id: row.id, factor: isSessionFactor(row.factor) ? row.factor : null };
  const enrolled = await isEnrolled(identity, id);
  const factor = factorNeeded({ grants, enrolled, sessionFactor: session.factor });
  return { id, name, email, officeId, grants, mustChangePassword, session, factor };
}

/** Hands the cookies that better-auth answered with on to the browser. */
export function setAuthCookies(cookies: Cookies, headers: Headers): void {
  for (const line of headers.getSetCookie()) {
    for (const [name, { value, ...attributes }] of parseSetCookieHeader(line)) {
      cookies.set(name, value, {
        ...toCookieOptions({ value, ...attributes }),
        path: attributes.path ?? '/',
      });
    }
  }
}

/** The person behind a desk page: the gate has let nobody else through. */
export function signedIn(locals: App.Locals): Person {
  if (locals.fault !== undefined) throw locals.fault;
  if (!locals.person) error(401, messages.errors.signInFirst);
  return locals.person;
}
