import { error, type Cookies, type RequestEvent } from '@sveltejs/kit';
import { parseSetCookieHeader, toCookieOptions } from 'better-auth/cookies';
import { messages } from '../messages.ts';
import { hub } from './hub.ts';

export type Role = 'administrator' | 'press-officer' | 'leader' | 'responder';
export type Person = {
  id: string;
  name: string;
  email: string;
  role: Role;
  officeId: number;
  mustChangePassword: boolean;
};

/** Who the request's session belongs to. A session in use is prolonged, with its cookie. */
export async function personOf(event: RequestEvent): Promise<Person | null> {
  const found = await hub().auth.api.getSession({ headers: event.request.headers, returnHeaders: true });
  setAuthCookies(event.cookies, found.headers);
  const user = found.response?.user;
  if (!user) return null;
  const { id, name, email, officeId, mustChangePassword } = user;
  return { id, name, email, role: user.role as Role, officeId, mustChangePassword };
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

/** Leaders watch and responders answer; releases are written by press officers. */
export function mayWriteReleases(person: Person): boolean {
  return person.role === 'administrator' || person.role === 'press-officer';
}
