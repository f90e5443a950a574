import { randomBytes } from 'node:crypto';
import { error, json, redirect } from '@sveltejs/kit';
import { sequence, type Handle, type HandleServerError, type ServerInit } from '@sveltejs/kit/hooks';
import { ruleOf } from '../config/access/matrix.ts';
import { messages } from './lib/messages.ts';
import { accessProblems, entryOf, findRoutes, routeAccess } from './lib/server/access.ts';
import { openDesk, openIntake } from './lib/server/desk.ts';
import { bearerOf, isAlias, isApi, isPublic, isTheme, withQuery } from './lib/server/gate.ts';
import { hub } from './lib/server/hub.ts';
import { isDatabaseDown } from './lib/server/trouble.ts';
import { isOpen, type Hindrance } from './lib/server/identity/hindrances.ts';
import { refusePlace, whose } from './lib/server/session.ts';

/** Nothing is served that the access table does not know: a new route without a row keeps the web part from starting. */
export const init: ServerInit = async () => {
  const modules = import.meta.glob([
    './routes/**/+page.svelte',
    './routes/**/+page.server.ts',
    './routes/**/+server.ts',
    './routes/**/*.remote.ts',
  ]);
  const problems = accessProblems(await findRoutes(modules));
  if (problems.length > 0) throw new Error(`access table: ${problems.join('; ')}`);
};

/** The one gate: whatever is asked is an action of the matrix, and goes on with a desk for just that action. */
const gate: Handle = async ({ event, resolve }) => {
  const { locals, route, request, url } = event;
  locals.person = null;
  locals.desks = { reading: null, acting: null };
  locals.intake = null;
  locals.fault = undefined;
  const api = isApi(url.pathname);
  const refuse = (status: number, message: string) => {
    if (api) return json({ message }, { status });
    error(status, message);
  };
  if (route.id === null) return api ? refuse(404, messages.errors.notFound) : resolve(event);
  const entry = entryOf(request, url, route.id);
  const action = entry && routeAccess[route.id]?.[entry];
  if (!action) return refuse(405, messages.errors.noSuchRequest);
  const { for: audience } = ruleOf(action);
  if (audience === 'anyone') return resolve(event);
  if (audience === 'token') {
    locals.intake = await openIntake(bearerOf(request)).catch((fault: unknown) => {
      if (!isDatabaseDown(fault)) throw fault;
      locals.fault = fault;
      return null;
    });
    if (locals.fault !== undefined) return down();
    return locals.intake ? resolve(event) : noToken();
  }

  const found = await whose(event).catch((fault: unknown) => {
    if (!isDatabaseDown(fault)) throw fault;
    locals.fault = fault;
  });
  if (locals.fault !== undefined) {
    if (api) return down();
    // Nobody is let through: whatever asks for the person gets the fault, and the browser a page that says so.
    return resolve(event);
  }
  const back = request.method === 'GET' ? url.pathname + url.search : null;
  if (!found?.person) {
    if (api) return refuse(401, messages.errors.signInFirst);
    redirect(303, withQuery('/sign-in', { to: back === '/' ? null : back, ended: found?.ended ?? null }));
  }
  const { person } = found;
  const { hindrance } = person;
  const address = event.getClientAddress();
  if (hindrance && !isOpen(hindrance, route.id)) {
    if (hindrance.at === null) {
      await refusePlace(person, address);
      return refuse(403, messages.errors.notFromHere(address));
    }
    if (api) return refuse(403, FIRST[hindrance.name]);
    redirect(303, withQuery(hindrance.at, { to: hindrance.at === '/sign-in/second' ? back : null }));
  }
  locals.person = person;
  const desk = await openDesk(person, action, address);
  // A page that may not be seen says so in its place, with the navigation around it: its load asks for a desk.
  if (entry === 'load') locals.desks.reading = desk;
  else if (!desk) return refuse(403, messages.errors.forbidden);
  else {
    locals.desks.acting = desk;
    const page = routeAccess[route.id]?.load;
    if (page) locals.desks.reading = page === action ? desk : await openDesk(person, page, address);
  }
  return resolve(event);
};

function down(): Response {
  return json({ message: messages.errors.databaseDown }, { status: 503, headers: { 'retry-after': '30' } });
}

function noToken(): Response {
  const headers = { 'www-authenticate': 'Bearer' };
  return json({ message: messages.errors.noToken }, { status: 401, headers });
}

/** What a program is told that asks before something was put right. */
const FIRST: Record<Hindrance['name'], string> = {
  address: messages.errors.forbidden,
  'second-factor': messages.errors.secondFactorFirst,
  password: messages.errors.changePasswordFirst,
  enrolment: messages.errors.secondFactorFirst,
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
  if (kind === 'framework' && error.status === 413) return { message: messages.errors.tooLarge };
  const id = randomBytes(4).toString('hex');
  const { method } = event.request;
  hub().log.error({ id, err: error, kind, route: event.route.id, method }, 'request failed');
  if (isDatabaseDown(error)) return { status: 503, message: messages.errors.databaseDown, id };
  return { message: messages.errors.unexpected, id };
};
