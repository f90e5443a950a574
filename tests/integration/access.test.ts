import { afterAll, beforeAll, expect, test } from 'vitest';
import { matrix, type Action, type Rule } from '../../config/access/matrix.ts';
import { roles, type Role } from '../../config/access/roles.ts';
import { accessProblems, findRoutes, routeAccess, type Entry } from '../../web/lib/server/access.ts';
import { hubActor } from '../../store/actor.ts';
import { makeToken } from '../../store/push-tokens.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { makeSource } from '../support/posts.ts';
import { makerOf, makers, share } from '../support/records.ts';
import { ask, makePerson, signIn, startTestWeb, type Session, type TestWeb } from '../support/web.ts';

/** Who asks: every role, a person without one, nobody, and a system with a token. All of them in the office `own`. */
const askers = [...roles, 'no role', 'nobody', 'token'] as const;
type Asker = (typeof askers)[number];
/** Whose record is asked for: of the asker's office, of one below it, of one that is neither. */
const places = ['own', 'sub', 'other'] as const;
type Place = (typeof places)[number];
/** And, where there is such a thing, a record of the other office that was shared with the own one. */
const shareable: Record<string, 'post' | 'release'> = {
  '/(desk)/posts/[id]': 'post',
  '/(desk)/releases/[id]': 'release',
  '/(desk)/releases/[id]/history': 'release',
  '/(desk)/releases/[id]/review': 'release',
};

/** On every record made here: nobody may read the mark of an office that is out of reach. */
const marks: Record<Place, string> = { own: '甲院记号', sub: '乙院记号', other: '丙院记号' };

let engines: TestEngines;
let web: TestWeb;
const offices = {} as Record<Place, number>;
const sessions = new Map<Asker, Session>();
let token: string;

beforeAll(async () => {
  engines = await startTestEngines();
  web = await startTestWeb(engines);
  const { store } = engines;
  const supreme = await makeOffice(store, 'supreme', 'supreme');
  const province = await makeOffice(store, 'province', 'provincial', supreme);
  offices.own = await makeOffice(store, 'own', 'municipal', province);
  offices.sub = await makeOffice(store, 'sub', 'county', offices.own);
  const equal = await makeOffice(store, 'equal', 'municipal', province);
  offices.other = await makeOffice(store, 'other', 'county', equal);
  for (const asker of askers) {
    if (asker === 'nobody' || asker === 'token') continue;
    const person = await makePerson(
      store,
      asker.replace(' ', '-'),
      offices.own,
      asker === 'no role' ? null : asker,
    );
    sessions.set(asker, await signIn(store, web.address, person));
  }
  const source = await makeSource(store, offices.own, 'push', 'push');
  token = await makeToken(store, { ...hubActor('test', offices.own), id: 'press-officer' }, source, 'test');
});
afterAll(async () => {
  await web?.stop();
  await engines?.stop();
});

/** What the matrix says, read as plainly as a person reads it. */
function expected(action: Action, asker: Asker, place: Place | 'shared'): boolean {
  const rule: Rule = matrix[action];
  if (rule.for === 'anyone') return true;
  if (rule.for === 'token') return asker === 'token';
  if (asker === 'nobody' || asker === 'token') return false;
  if (rule.for === 'signed-in') return true;
  const reach = rule.for[asker as Role];
  if (place === 'own') return reach !== undefined;
  if (place === 'shared') return reach !== undefined && rule.shared === true;
  return place === 'sub' && reach === 'own+sub';
}

type Try = { route: string; entry: Entry; action: Action; asker: Asker; place: Place | 'shared' };

/** A route without a parameter is about the asker's own office; what it shows of others is looked at as well. */
function placesOf(route: string): readonly (Place | 'shared')[] {
  if (!route.includes('[') || route.includes('[x+')) return ['own'];
  return route in shareable ? [...places, 'shared'] : places;
}

function everyTry(found: Awaited<ReturnType<typeof findRoutes>>): Try[] {
  return [...found].flatMap(([route, { entries }]) =>
    [...entries].flatMap((entry) =>
      askers.flatMap((asker) => {
        const action = routeAccess[route]?.[entry] as Action;
        return placesOf(route).map((place) => ({ route, entry, action, asker, place }));
      }),
    ),
  );
}

function request({ route, entry }: Try, parameter: string): { method: string; path: string } {
  const path =
    route
      .replaceAll(/\/\([^)]+\)/g, '')
      .replaceAll(/\[x\+2e\]/g, '.')
      .replaceAll(/\[[^\]]+\]/g, encodeURIComponent(parameter)) || '/';
  if (entry === 'load') return { method: 'GET', path };
  if (!entry.startsWith('action:')) return { method: entry, path };
  const name = entry.slice('action:'.length);
  return { method: 'POST', path: name === 'default' ? path : `${path}?/${name}` };
}

const REFUSED = new Set([401, 403, 404, 405]);

/** Sent to where people go who have to show first who they are. */
function sentAway(path: string, location: string | null): boolean {
  if (location === null) return false;
  // Who may not see the overview begins at a page of their own.
  if (path === '/') return true;
  // Signing on by a provider begins and fails on the page of signing in, for whoever tries.
  if (location === '/sign-in') return !path.startsWith('/sign-in/oidc');
  if (location.startsWith('/sign-in?to=')) return true;
  return (
    ['/sign-in/second', '/account/factors', '/account/password'].includes(location) &&
    !path.startsWith(location)
  );
}

async function got(one: Try): Promise<{ allowed: boolean; says: string; text: string }> {
  const { route, asker, place } = one;
  const make = route.includes('[') ? makerOf(route) : null;
  // What is shared may be read: its mark is that of no office.
  const [office, mark] = place === 'shared' ? [offices.other, '共享'] : [offices[place], marks[place]];
  const parameter = make ? await make(engines.store, office, mark, one.entry) : '';
  const kind = shareable[route];
  if (place === 'shared' && kind) await share(engines.store, kind, parameter, office, offices.own);
  const { method, path } = request(one, parameter);
  const session = sessions.get(asker) ?? null;
  const answer = await ask(
    web.address,
    method,
    path,
    session?.cookie ?? null,
    undefined,
    asker === 'token' ? token : null,
  );
  // Signing out and ending sessions do what they say: the next request of this person finds the session again.
  if (one.entry !== 'load' && one.entry !== 'GET') await session?.renew();
  return {
    allowed: !REFUSED.has(answer.status) && !sentAway(path, answer.location),
    says: `${answer.status} ${answer.location ?? ''}`,
    text: answer.text,
  };
}

test('every route, action, role and office: what the matrix says is what is answered', async () => {
  const found = await findRoutes(
    import.meta.glob([
      '../../web/routes/**/+page.svelte',
      '../../web/routes/**/+page.server.ts',
      '../../web/routes/**/+server.ts',
      '../../web/routes/**/*.remote.ts',
    ]),
  );
  expect(accessProblems(found)).toEqual([]);
  const unknown = [...found.keys()].filter((route) => /\[(?!x\+)/.test(route) && !makerOf(route));
  expect(unknown, 'routes whose parameter tests/support/records.ts does not know').toEqual([]);

  // Records that lists would show, were they not kept apart.
  for (const [, make] of makers)
    for (const place of places) await make(engines.store, offices[place], marks[place]);

  const tries = everyTry(found);
  const differences: string[] = [];
  const shown: Record<Place, number> = { own: 0, sub: 0, other: 0 };
  const tryOne = async (one: Try) => {
    const { allowed, says, text } = await got(one);
    const { route, entry, action, asker, place } = one;
    const should = expected(action, asker, place);
    const name = `${route} ${entry} (${action}) as ${asker}, record of ${place}`;
    if (allowed !== should)
      differences.push(`${name}: expected ${should ? 'allowed' : 'refused'}, got ${says}`);
    if (/^5/.test(says)) differences.push(`${name}: ${says}`);
    for (const other of places) {
      if (!text.includes(marks[other])) continue;
      shown[other] += 1;
      if (!expected(action, asker, other)) differences.push(`${name}: shows what belongs to ${other}`);
    }
  };
  // What one person asks comes one after the other: some of it ends their session.
  await Promise.all(
    askers.map(async (asker) => {
      for (const one of tries) if (one.asker === asker) await tryOne(one);
    }),
  );
  process.stdout.write(`access: ${tries.length} requests, ${differences.length} differences\n`);
  expect(differences).toEqual([]);
  // Where they may be seen, the marks are: their absence elsewhere says something.
  expect(shown.own).toBeGreaterThan(shown.sub);
  expect(shown.sub).toBeGreaterThan(10);
}, 300_000);
