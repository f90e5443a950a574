import { afterEach, describe, expect, test } from 'vitest';
import {
  accessProblems,
  entryOf,
  findRoutes,
  routeAccess,
  type RouteModules,
} from '../../web/lib/server/access.ts';
import { init } from '../../web/hooks.server.ts';

/** The routes folder as it stands, and what a test adds to it. */
const real = import.meta.glob([
  '../../web/routes/**/+page.svelte',
  '../../web/routes/**/+page.server.ts',
  '../../web/routes/**/+server.ts',
  '../../web/routes/**/*.remote.ts',
]);
const problemsWith = async (added: RouteModules) => accessProblems(await findRoutes({ ...real, ...added }));
const module = (exports: Record<string, unknown>) => () => Promise.resolve(exports);

describe('the access table', () => {
  test('knows everything that can be asked, and nothing else', async () => {
    expect(await problemsWith({})).toEqual([]);
  });

  test.each([
    ['a page', '/routes/(desk)/stray/+page.svelte', {}, '/(desk)/stray load'],
    [
      'a form action of a known page',
      '/routes/(desk)/search/+page.server.ts',
      { actions: { drop: 1 } },
      'action:drop',
    ],
    ['an endpoint', '/routes/api/stray/+server.ts', { GET: 1 }, '/api/stray GET'],
    [
      'a further method of a known endpoint',
      '/routes/api/live/+server.ts',
      { GET: 1, DELETE: 1 },
      '/api/live DELETE',
    ],
    [
      'an answer to every method',
      '/routes/api/stray/+server.ts',
      { fallback: 1 },
      '/api/stray action:fallback',
    ],
    [
      'a remote function',
      '/routes/(desk)/search/posts.remote.ts',
      { like: 1 },
      '/(desk)/search action:remote like',
    ],
  ])('reports %s without a row', async (_, path, exports, named) => {
    const problems = await problemsWith({ [path]: module(exports) });
    expect(problems).toContainEqual(expect.stringContaining(`${named}: no row in the access table`));
  });

  test('reports a row with nothing behind it', async () => {
    const found = await findRoutes(real);
    const table = { ...routeAccess, '/(desk)/gone': { load: 'post-read' } } as typeof routeAccess;
    expect(accessProblems(found, table)).toEqual(['/(desk)/gone load: nothing in the routes']);
  });

  test('reports a page for certain roles that never asks who is there', async () => {
    const found = await findRoutes({ '/routes/(desk)/quiet/+page.svelte': module({}) });
    const table = { '/(desk)/quiet': { load: 'post-read' } } as const;
    expect(accessProblems(found, table)).toEqual([
      expect.stringContaining('/(desk)/quiet load: a page for certain roles needs a server load'),
    ]);
    const open = { '/(desk)/quiet': { load: 'account-use' } } as const;
    expect(accessProblems(found, open)).toEqual([]);
  });
});

describe('the web part', () => {
  const rows = routeAccess as Record<string, (typeof routeAccess)[string] | undefined>;
  const kept = { ...rows };
  afterEach(() => {
    for (const name of Object.keys(rows)) if (!(name in kept)) delete rows[name];
    Object.assign(rows, kept);
  });

  test('starts with the table as it is', async () => {
    await expect(init()).resolves.toBeUndefined();
  });

  test('does not start while a route has no row', async () => {
    delete rows['/(desk)/search'];
    await expect(init()).rejects.toThrow('/(desk)/search load: no row in the access table');
  });

  test('does not start while a row has no route', async () => {
    rows['/api/everything'] = { GET: 'post-read' };
    await expect(init()).rejects.toThrow('/api/everything GET: nothing in the routes');
  });
});

test('a request asks for what its method and its address say', () => {
  const asked = (method: string, path: string, route: string) =>
    entryOf(new Request(`http://x${path}`, { method }), new URL(`http://x${path}`), route);
  expect(asked('GET', '/releases/1', '/(desk)/releases/[id]')).toBe('load');
  expect(asked('HEAD', '/releases/1', '/(desk)/releases/[id]')).toBe('load');
  expect(asked('POST', '/releases/1?/save', '/(desk)/releases/[id]')).toBe('action:save');
  expect(asked('POST', '/releases/1?x=1&/save', '/(desk)/releases/[id]')).toBe('action:save');
  expect(asked('POST', '/releases/new', '/(desk)/releases/new')).toBe('action:default');
  expect(asked('DELETE', '/releases/1', '/(desk)/releases/[id]')).toBeNull();
  expect(asked('GET', '/sign-out', '/sign-out')).toBeNull();
});
