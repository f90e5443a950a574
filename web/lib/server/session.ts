import { error, type Cookies, type RequestEvent } from '@sveltejs/kit';
import { parseSetCookieHeader, toCookieOptions } from 'better-auth/cookies';
import { neighbourhood } from '../../../config/addresses.ts';
import { appendAudit } from '../../../store/audit.ts';
import { tellLive } from '../../../store/live.ts';
import { grantsOf } from '../../../store/people.ts';
import { transaction } from '../../../store/pool.ts';
import type { Grant } from '../../../store/scope.ts';
import { endSession, findSession, noteSeen, type FoundSession } from '../../../store/sessions.ts';
import { messages } from '../messages.ts';
import { hub } from './hub.ts';
import { factorNeeded, isSessionFactor } from './identity/factor-rule.ts';
import type { OpenSession } from './identity/ground.ts';
import { hindranceOf, type Hindrance } from './identity/hindrances.ts';
import { arrivalOf, hasAdministrator, settleSession, type Arrival } from './identity/sessions.ts';

export type Person = {
  id: string;
  name: string;
  email: string;
  officeId: number;
  /** The roles that the person holds now. */
  grants: readonly Grant[];
  /** The password is a first one, or too old. */
  mustChangePassword: boolean;
  /** The password was the person's own, and is too old. */
  passwordAged: boolean;
  session: OpenSession & Pick<FoundSession, 'welcomed' | 'endedOthers'>;
  /** What the session lacks before the desk is open to it. */
  factor: ReturnType<typeof factorNeeded>;
  /** What has to be put right before the desk is open. */
  hindrance: Hindrance | null;
};

/** Why a session that the browser still has a cookie of goes on no more; said where one signs in. */
export const endings = ['idle', 'time', 'elsewhere'] as const;
export type Ending = (typeof endings)[number];

/** Who a request comes from, or why its cookie is good for nothing (null: there is none, or it never was). */
export type Whose = { person: Person } | { person: null; ended: Ending | null };

/** Asked by open pages on their own, which is not using them. */
const UNATTENDED: ReadonlySet<string | null> = new Set(['/api/live']);

/** Who the request's session belongs to. */
export async function whose(event: RequestEvent): Promise<Whose> {
  const { auth, identity, runtime } = hub();
  const { signIn } = runtime.hub;
  const token = await auth.api.readToken({ headers: event.request.headers });
  const found = token ? await findSession(identity, token, signIn) : null;
  if (!found) return { person: null, ended: null };
  const { over, personId: id, name, email, officeId, enrolled, passwordAged } = found;
  if (over !== null) {
    await endSession(identity, id, found.id);
    return { person: null, ended: over === 'disabled' ? null : over };
  }
  const grants = await grantsOf(identity, id);
  const arrival = arrivalOf(event);
  if (isElsewhere(found, grants, arrival)) {
    await endStolen(found, arrival);
    return { person: null, ended: 'elsewhere' };
  }
  if (found.unnoted && !UNATTENDED.has(event.route.id)) await noteSeen(identity, found.id);
  const factorGiven = isSessionFactor(found.factor) ? found.factor : null;
  const factor = factorNeeded({ grants, enrolled, sessionFactor: factorGiven });
  const mustChangePassword = found.mustChangePassword || passwordAged;
  const { administratorAddresses } = signIn;
  const { place } = arrival;
  const hindrance = hindranceOf({ grants, place, administratorAddresses, factor, mustChangePassword });
  const account = { id, name, email, officeId, grants, mustChangePassword, passwordAged };
  const endedOthers =
    found.settled || hindrance !== null
      ? found.endedOthers
      : await settleSession({ db: identity, settings: signIn }, account, found.id, place);
  const session = { id: found.id, factor: factorGiven, welcomed: found.welcomed, endedOthers };
  return { person: { ...account, session, factor, hindrance } };
}

export async function personOf(event: RequestEvent): Promise<Person | null> {
  return (await whose(event)).person;
}

/** A cookie that comes from another browser was copied; one of an administrator also when it comes from elsewhere. */
function isElsewhere(found: FoundSession, grants: readonly Grant[], { place, device }: Arrival): boolean {
  return (
    device !== found.device ||
    (hasAdministrator(grants) && neighbourhood(place) !== neighbourhood(found.place))
  );
}

/** Ends a session whose cookie has turned up elsewhere. */
async function endStolen(found: FoundSession, { place, device }: Arrival): Promise<void> {
  const { id, personId, officeId } = found;
  await transaction(hub().identity, async (client) => {
    // Of several requests with it, one leaves the entry.
    if (!(await endSession(client, personId, id))) return;
    await tellLive(client, { kind: 'access', personId });
    await appendAudit(client, {
      ...{ id: personId, officeId, role: 'self' as const, address: place },
      action: 'session-stolen',
      subject: `person:${personId}`,
      before: { place: found.place, device: found.device },
      after: { place, device },
    });
  });
}

/** Ends the session of an administrator who may not come from this address. */
export async function refusePlace({ id, officeId, session }: Person, address: string): Promise<void> {
  await transaction(hub().identity, async (client) => {
    const ended = await endSession(client, id, session.id);
    if (!ended) return;
    await tellLive(client, { kind: 'access', personId: id });
    await appendAudit(client, {
      ...{ id, officeId, role: 'self' as const, address },
      action: 'session-refuse',
      subject: `person:${id}`,
      before: { place: ended.place, device: ended.device },
      after: { why: 'address' },
    });
  });
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
