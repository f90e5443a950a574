import { randomBytes } from 'node:crypto';
import { json, redirect } from '@sveltejs/kit';
import { sequence, type Handle, type HandleServerError } from '@sveltejs/kit/hooks';
import { messages } from './lib/messages.ts';
import { isAlias, isOpen, isPublic, isTheme, mayBeforePasswordChange } from './lib/server/gate.ts';
import { hub } from './lib/server/hub.ts';
import { isDatabaseDown } from './lib/server/trouble.ts';
import { personOf } from './lib/server/session.ts';

/** The one gate: everything that is not named open needs a person. */
const gate: Handle = async ({ event, resolve }) => {
  event.locals.person = null;
  event.locals.fault = undefined;
  if (isOpen(event.route.id)) return resolve(event);
  const api = event.url.pathname.startsWith('/api/');
  const person = await personOf(event).catch((error: unknown) => {
    if (!isDatabaseDown(error)) throw error;
    event.locals.fault = error;
  });
  if (event.locals.fault !== undefined) {
    if (api) return json({ message: messages.errors.databaseDown }, { status: 503 });
    // Nobody is let through: whatever asks for the person gets the fault, and the browser a page that says so.
    return resolve(event);
  }
  if (!person) {
    if (api) return json({ message: messages.errors.signInFirst }, { status: 401 });
    // An address that does not exist tells nothing: it is answered as such.
    if (event.route.id === null) return resolve(event);
    const to = event.url.pathname + event.url.search;
    redirect(303, to === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(to)}`);
  }
  event.locals.person = person;
  if (api && event.route.id === null) return json({ message: messages.errors.notFound }, { status: 404 });
  if (person.mustChangePassword && !mayBeforePasswordChange(event.route.id)) {
    if (api) return json({ message: messages.errors.changePasswordFirst }, { status: 403 });
    if (event.route.id !== null) redirect(303, '/account/password');
  }
  return resolve(event);
};

const HEADERS: Record<string, string> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** What is not a page runs nothing and is framed nowhere; a page's own policy is set by the kit (vite.config.ts). */
const BARE_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** One name for one hub: see `isAlias`. */
const named: Handle = async ({ event, resolve }) => {
  const { request, url } = event;
  const { address } = hub().runtime;
  if (request.method === 'GET' && isAlias(request.headers.get('host'), address)) {
    redirect(307, address + url.pathname + url.search);
  }
  return resolve(event);
};

const guarded: Handle = async ({ event, resolve }) => {
  // Public pages are the same for everybody, so that a cache may keep them.
  const chosen = isPublic(event.route.id) ? undefined : event.cookies.get('jiansheng-theme');
  const theme = isTheme(chosen) ? chosen : 'system';
  const response = await resolve(event, {
    transformPageChunk: ({ html }) => html.replace('%theme%', theme),
  });
  const { headers } = response;
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  if (!headers.has('content-security-policy')) headers.set('content-security-policy', BARE_POLICY);
  // Pages of the desk stay out of every shared cache.
  if (!headers.has('cache-control')) headers.set('cache-control', 'private, no-cache');
  return response;
};

export const handle = sequence(named, guarded, gate);

/** The person gets what to do and an id; the log gets the rest under the same id. */
export const handleError: HandleServerError = ({ kind, error, event }) => {
  if (kind === 'app') return { message: error.message };
  if (kind === 'framework' && error.status === 404) return { message: messages.errors.notFound };
  const id = randomBytes(4).toString('hex');
  const { method } = event.request;
  hub().log.error({ id, err: error, kind, route: event.route.id, method }, 'request failed');
  if (isDatabaseDown(error)) return { status: 503, message: messages.errors.databaseDown, id };
  return { message: messages.errors.unexpected, id };
};
