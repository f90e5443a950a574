// A row for every route, endpoint and form action, side by side: the table is as long as the hub has pages.
import { ruleOf, type Action } from '../../../config/access/matrix.ts';

/** What can be asked of a route: the page itself, a method of an endpoint, or a form action of a page. */
export type Entry = 'load' | 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | `action:${string}`;

/**
 * Which action of the matrix each route, endpoint and form action is. The web part does not start while one has no row
 * here, or a row has nothing behind it (`accessProblems`).
 */
export const routeAccess: Readonly<Record<string, Partial<Record<Entry, Action>>>> = {
  '/health': { GET: 'public-read' },
  '/ready': { GET: 'public-read' },
  '/(public)/news': { load: 'public-read' },
  '/(public)/news/[slug]': { load: 'public-read' },
  '/(public)/news/rss[x+2e]xml': { GET: 'public-read' },
  '/(public)/news/atom[x+2e]xml': { GET: 'public-read' },
  '/(public)/news/feed[x+2e]json': { GET: 'public-read' },
  '/(public)/news/columns/[key]': { load: 'public-read' },
  '/(public)/news/columns/[key]/rss[x+2e]xml': { GET: 'public-read' },
  '/(public)/news/columns/[key]/atom[x+2e]xml': { GET: 'public-read' },
  '/(public)/news/columns/[key]/feed[x+2e]json': { GET: 'public-read' },
  '/(public)/sitemap[x+2e]xml': { GET: 'public-read' },
  '/(public)/sitemaps/[file]': { GET: 'public-read' },
  '/(public)/robots[x+2e]txt': { GET: 'public-read' },
  '/(public)/privacy': { load: 'public-read' },
  '/(public)/objection': { load: 'public-read', 'action:default': 'objection-send' },
  '/(public)/objection/[receipt]': { load: 'public-read' },

  '/sign-in': { load: 'sign-in', 'action:default': 'sign-in' },
  '/sign-in/oidc': { GET: 'sign-in' },
  '/sign-in/oidc/callback': { GET: 'sign-in' },
  '/sign-in/passkey/options': { POST: 'sign-in' },
  '/sign-in/passkey/verify': { POST: 'sign-in' },
  '/sign-in/second': { load: 'account-use', 'action:code': 'account-use', 'action:recovery': 'account-use' },
  '/sign-in/second/passkey/options': { POST: 'account-use' },
  '/sign-in/second/passkey/verify': { POST: 'account-use' },
  '/sign-out': { POST: 'account-use' },
  '/invitation/[token]': { load: 'sign-in', 'action:default': 'sign-in' },
  '/(desk)/account': { load: 'account-use' },
  '/(desk)/account/factors': {
    load: 'account-use',
    'action:totp': 'account-use',
    'action:confirm': 'account-use',
    'action:removeTotp': 'account-use',
    'action:rename': 'account-use',
    'action:remove': 'account-use',
    'action:codes': 'account-use',
  },
  '/(desk)/account/factors/passkey/options': { POST: 'account-use' },
  '/(desk)/account/factors/passkey/verify': { POST: 'account-use' },
  '/(desk)/account/password': { load: 'account-use', 'action:default': 'account-use' },
  '/(desk)/account/sessions': {
    load: 'account-use',
    'action:end': 'account-use',
    'action:others': 'account-use',
  },
  '/(desk)/manage/sessions': { load: 'session-end' },
  '/(desk)/manage/sessions/[id]': {
    load: 'session-end',
    'action:end': 'session-end',
    'action:endAll': 'session-end',
    'action:release': 'lock-release',
    'action:reset': 'factor-reset',
  },

  // Whoever has the address of a feed needs no role; what it gives is what its person may read.
  '/api/feed/[token]': { GET: 'public-read' },
  '/api/wechat/[source]': { GET: 'message-push', POST: 'message-push' },
  '/api/channels/wechat/[account]': { GET: 'message-push', POST: 'message-push' },
  '/api/ingest': { POST: 'post-push' },
  '/api/live': { GET: 'overview-read' },
  '/api/present': { POST: 'account-use' },
  '/(desk)': { load: 'overview-read' },
  '/(desk)/search': { load: 'post-read', 'action:save': 'search-save' },
  '/(desk)/search/saved': {
    load: 'search-save',
    'action:look': 'search-save',
    'action:alert': 'search-save',
    'action:drop': 'search-save',
    'action:open': 'search-save',
    'action:close': 'search-save',
  },
  '/(desk)/search/export': { POST: 'post-export' },
  '/(desk)/posts/[id]': {
    load: 'post-read',
    'action:handOver': 'hand-over-send',
    'action:review': 'post-review',
    'action:undo': 'post-review',
  },
  '/(desk)/reviews': {
    load: 'post-review',
    'action:review': 'post-review',
    'action:undo': 'post-review',
    'action:model': 'word-list-write',
  },
  '/(desk)/reviews/places': { GET: 'post-review' },
  '/(desk)/words': {
    load: 'word-list-read',
    'action:save': 'word-list-write',
    'action:restore': 'word-list-write',
    'action:reset': 'word-list-write',
  },
  '/(desk)/words/check': { POST: 'word-list-read' },
  '/(desk)/hand-overs': { load: 'hand-over-read' },
  '/(desk)/hand-overs/find': { GET: 'hand-over-send' },
  '/(desk)/hand-overs/[id]': {
    load: 'hand-over-read',
    'action:accept': 'hand-over-answer',
    'action:finish': 'hand-over-answer',
    'action:return': 'hand-over-answer',
    'action:withdraw': 'hand-over-send',
  },
  '/(desk)/concerns': { load: 'concern-read' },
  '/(desk)/concerns/find': { GET: 'concern-write' },
  '/(desk)/concerns/[id]': {
    load: 'concern-read',
    'action:rename': 'concern-write',
    'action:pin': 'concern-write',
    'action:mute': 'concern-write',
    'action:merge': 'concern-write',
    'action:undo': 'concern-write',
    'action:note': 'concern-write',
    'action:unnote': 'concern-write',
    'action:link': 'concern-write',
    'action:unlink': 'concern-write',
  },
  '/(desk)/concerns/[id]/posts': { load: 'concern-read', 'action:split': 'concern-write' },
  '/(desk)/warnings/rules': { load: 'warning-rule-read' },
  '/(desk)/warnings/rules/new': { load: 'warning-rule-write', 'action:save': 'warning-rule-write' },
  '/(desk)/warnings/rules/try': { POST: 'warning-rule-write' },
  '/(desk)/warnings/rules/[id]': {
    load: 'warning-rule-read',
    'action:save': 'warning-rule-write',
    'action:switch': 'warning-rule-write',
    'action:archive': 'warning-rule-write',
    'action:restore': 'warning-rule-write',
    'action:reset': 'warning-rule-write',
  },
  '/(desk)/warnings/replay': {
    load: 'warning-rule-read',
    'action:run': 'warning-rule-write',
    'action:mark': 'warning-rule-write',
    'action:unmark': 'warning-rule-write',
  },
  '/(desk)/watches': { load: 'watch-read' },
  '/(desk)/watches/try': { POST: 'watch-read' },
  '/(desk)/watches/new': { load: 'watch-write', 'action:save': 'watch-write' },
  '/(desk)/watches/[id]': {
    load: 'watch-read',
    'action:save': 'watch-write',
    'action:switch': 'watch-write',
    'action:archive': 'watch-write',
    'action:restore': 'watch-write',
  },
  '/(desk)/warnings': { load: 'warning-read' },
  '/(desk)/warnings/archive': { load: 'warning-read' },
  '/(desk)/warnings/held': { load: 'warning-read', 'action:release': 'release-schedule' },
  '/(desk)/warnings/orders': {
    load: 'warning-read',
    'action:answer': 'supervision-answer',
    'action:withdraw': 'supervision-order',
  },
  '/(desk)/warnings/levels': { load: 'warning-rule-read', 'action:save': 'warning-rule-write' },
  '/(desk)/warnings/[id]': {
    load: 'warning-read',
    'action:confirm': 'warning-decide',
    'action:level': 'warning-decide',
    'action:dismiss': 'warning-decide',
    'action:handle': 'warning-decide',
    'action:answer': 'warning-decide',
    'action:assess': 'warning-decide',
    'action:lift': 'warning-decide',
    'action:reopen': 'warning-decide',
    'action:note': 'warning-decide',
    'action:consult': 'warning-decide',
    'action:check': 'warning-decide',
    'action:press': 'warning-decide',
    'action:order': 'supervision-order',
  },
  '/(desk)/sources': { load: 'source-read' },
  '/(desk)/sources/[id]': { load: 'source-read' },
  '/(desk)/sources/[id]/upload': {
    load: 'source-upload',
    'action:preview': 'source-upload',
    'action:import': 'source-upload',
  },
  '/(desk)/sources/[id]/tokens': {
    load: 'source-write',
    'action:make': 'source-write',
    'action:end': 'source-write',
  },
  '/(desk)/sources/new': { load: 'source-write', 'action:save': 'source-write' },
  '/(desk)/sources/new/look': { POST: 'source-write' },
  '/(desk)/sources/[id]/edit': {
    load: 'source-write',
    'action:save': 'source-write',
    'action:secret': 'source-write',
  },
  '/(desk)/sources/[id]/approve/look': { POST: 'source-approve' },
  '/(desk)/sources/[id]/approve': { load: 'source-approve', 'action:default': 'source-approve' },
  '/(desk)/sources/[id]/stop': {
    load: 'source-stop',
    'action:stop': 'source-stop',
    'action:resume': 'source-stop',
  },
  '/(desk)/sources/stops': {
    load: 'source-stop',
    'action:stop': 'source-stop',
    'action:resume': 'source-stop',
    'action:resumeSource': 'source-stop',
  },
  '/(desk)/sources/import': {
    load: 'source-write',
    'action:preview': 'source-write',
    'action:apply': 'source-write',
  },
  '/(desk)/sources/import/template': { GET: 'source-write' },
  '/(desk)/sources/export': { GET: 'source-export' },
  '/(desk)/notices': {
    load: 'notice-read',
    'action:acknowledge': 'notice-read',
    'action:read': 'notice-read',
  },
  '/(desk)/notices/settings': { load: 'notice-read', 'action:default': 'notice-read' },
  '/(desk)/notices/roster': {
    load: 'notice-read',
    'action:week': 'notice-settings',
    'action:day': 'notice-settings',
    'action:drop': 'notice-settings',
    'action:hours': 'notice-settings',
  },
  '/(desk)/notices/channels': {
    load: 'notice-settings',
    'action:add': 'notice-settings',
    'action:change': 'notice-settings',
    'action:remove': 'notice-settings',
    'action:test': 'notice-settings',
    'action:testMail': 'notice-settings',
    'action:rules': 'notice-settings',
  },
  '/(desk)/notices/log': { load: 'notice-settings' },
  '/(desk)/objections': { load: 'objection-read' },
  '/(desk)/objections/[id]': {
    load: 'objection-read',
    'action:honour': 'objection-decide',
    'action:decline': 'objection-decide',
    'action:contact': 'objection-decide',
  },
  '/(desk)/account/delegations': {
    load: 'role-delegate',
    'action:delegate': 'role-delegate',
    'action:end': 'role-delegate',
  },
  '/(desk)/manage/access': { load: 'matrix-read' },
  '/(desk)/manage/offices': { load: 'office-read' },
  '/(desk)/manage/offices/find': { GET: 'office-read' },
  '/(desk)/manage/offices/new': { load: 'office-write', 'action:default': 'office-write' },
  '/(desk)/manage/offices/import': {
    load: 'office-write',
    'action:preview': 'office-write',
    'action:apply': 'office-write',
  },
  '/(desk)/manage/offices/export': { GET: 'office-export' },
  '/(desk)/manage/offices/[id]': {
    load: 'office-read',
    'action:rename': 'office-write',
    'action:move': 'office-write',
    'action:close': 'office-write',
    'action:reopen': 'office-write',
  },
  '/(desk)/manage/people': { load: 'person-read' },
  '/(desk)/manage/people/new': { load: 'person-write', 'action:default': 'person-write' },
  '/(desk)/manage/people/import': {
    load: 'person-write',
    'action:preview': 'person-write',
    'action:apply': 'person-write',
  },
  '/(desk)/manage/people/export': { GET: 'person-export' },
  '/(desk)/manage/people/[id]': {
    load: 'person-read',
    'action:details': 'person-write',
    'action:invite': 'person-write',
    'action:move': 'person-write',
    'action:disable': 'person-write',
    'action:enable': 'person-write',
    'action:grant': 'role-write',
    'action:revoke': 'role-write',
  },
  '/(desk)/manage/roles': { load: 'role-write', 'action:revoke': 'role-write' },
  '/(desk)/channels': { load: 'channel-read' },
  '/(desk)/channels/health': { load: 'channel-read' },
  '/(desk)/channels/new': { load: 'channel-write', 'action:default': 'channel-write' },
  '/(desk)/channels/[id]': {
    load: 'channel-read',
    'action:save': 'channel-write',
    'action:secret': 'channel-write',
    'action:check': 'channel-write',
    'action:switch': 'channel-write',
    'action:resume': 'channel-write',
    'action:archive': 'channel-write',
    'action:restore': 'channel-write',
  },
  '/(desk)/channels/site': {
    load: 'channel-read',
    'action:save': 'channel-write',
    'action:switch': 'channel-write',
    'action:undo': 'channel-write',
    'action:retry': 'channel-write',
  },
  '/(desk)/channels/weibo/authorise': { GET: 'channel-write' },
  '/(desk)/channels/weibo/callback': { GET: 'channel-write' },
  '/(desk)/releases': { load: 'release-read' },
  '/(desk)/calendar': {
    load: 'calendar-read',
    'action:move': 'release-schedule',
    'action:begin': 'release-write',
  },
  '/(desk)/calendar/series': {
    load: 'release-schedule',
    'action:settings': 'release-schedule',
    'action:add': 'release-schedule',
    'action:change': 'release-schedule',
    'action:pause': 'release-schedule',
    'action:resume': 'release-schedule',
    'action:archive': 'release-schedule',
    'action:restore': 'release-schedule',
  },
  '/(desk)/releases/new': { load: 'release-write', 'action:default': 'release-write' },
  '/(desk)/releases/templates': {
    load: 'release-read',
    'action:use': 'release-write',
    'action:rename': 'release-write',
    'action:archive': 'release-write',
    'action:restore': 'release-write',
  },
  '/(desk)/releases/[id]/history': {
    load: 'release-read',
    'action:restore': 'release-write',
    'action:template': 'release-write',
  },
  '/media/[file]': { GET: 'public-read' },
  '/(desk)/releases/media/[file]': { GET: 'release-read' },
  '/(desk)/releases/[id]/media': { GET: 'release-write', POST: 'release-write' },
  '/(desk)/releases/[id]/copy': { POST: 'release-write' },
  '/(desk)/releases/[id]/draft': { PUT: 'release-write' },
  '/(desk)/releases/[id]/presence': { POST: 'release-write' },
  '/(desk)/releases/[id]': { load: 'release-read', 'action:handOver': 'hand-over-send' },
  '/(desk)/releases/reviews': { load: 'release-review' },
  '/(desk)/releases/reviews/[round]': { load: 'release-read' },
  '/(desk)/releases/reviews/[round]/pdf': { GET: 'release-read' },
  '/(desk)/releases/[id]/review': {
    load: 'release-read',
    'action:submit': 'release-write',
    'action:takeBack': 'release-write',
    'action:pass': 'release-review',
    'action:return': 'release-review',
    'action:comment': 'release-comment',
    'action:resolve': 'release-comment',
    'action:reopen': 'release-comment',
  },
  '/(desk)/releases/[id]/schedule': {
    load: 'release-read',
    'action:schedule': 'release-schedule',
    'action:move': 'release-schedule',
    'action:now': 'release-schedule',
    'action:cancel': 'release-schedule',
    'action:answer': 'release-schedule',
    'action:withdraw': 'release-withdraw',
    'action:settle': 'release-withdraw',
    'action:change': 'release-withdraw',
    'action:correct': 'release-withdraw',
    'action:corrected': 'release-withdraw',
  },
  '/(desk)/releases/[id]/checks': {
    load: 'release-read',
    'action:run': 'release-write',
    'action:reason': 'release-write',
    'action:secrecy': 'release-write',
  },
  '/(desk)/manage/audit': { load: 'audit-read', 'action:verify': 'audit-read' },
  '/(desk)/manage/audit/export': { POST: 'audit-export' },
};

/** What stands in the routes folder: route id → what can be asked of it. */
export type FoundRoutes = ReadonlyMap<string, { entries: ReadonlySet<Entry>; hasServerLoad: boolean }>;

/**
 * What keeps the web part from starting: a route without a row, a row without a route, and a page for certain roles that
 * never asks who is there.
 */
export function accessProblems(found: FoundRoutes, table: typeof routeAccess = routeAccess): string[] {
  const problems: string[] = [];
  for (const [route, { entries, hasServerLoad }] of found) {
    for (const entry of entries) {
      const action = table[route]?.[entry];
      if (action === undefined) problems.push(`${route} ${entry}: no row in the access table`);
      else if (entry === 'load' && typeof ruleOf(action).for === 'object' && !hasServerLoad) {
        problems.push(
          `${route} ${entry}: a page for certain roles needs a server load that asks for its desk`,
        );
      }
    }
  }
  for (const [route, rows] of Object.entries(table)) {
    for (const entry of Object.keys(rows) as Entry[]) {
      if (!found.get(route)?.entries.has(entry)) problems.push(`${route} ${entry}: nothing in the routes`);
    }
  }
  return problems;
}

/** The modules of the routes folder, path → loader, as the bundler's glob gives them. */
export type RouteModules = Record<string, () => Promise<unknown>>;

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/**
 * Reads what the modules of the routes folder answer to.
 * @param modules every `+page.svelte`, `+page.server.ts`, `+server.ts` and `*.remote.ts`
 */
export async function findRoutes(modules: RouteModules): Promise<FoundRoutes> {
  const found = new Map<string, { entries: Set<Entry>; hasServerLoad: boolean }>();
  for (const [path, open] of Object.entries(modules)) {
    const [, id = '', file = ''] = /\/routes(.*)\/([^/]+)$/u.exec(path) ?? [];
    const route = found.get(id || '/') ?? { entries: new Set<Entry>(), hasServerLoad: false };
    found.set(id || '/', route);
    if (file === '+page.svelte') {
      route.entries.add('load');
      continue;
    }
    const module = (await open()) as Record<string, unknown>;
    if (file === '+page.server.ts') {
      if ('load' in module) route.hasServerLoad = true;
      for (const name of Object.keys(module['actions'] ?? {})) route.entries.add(`action:${name}`);
    } else if (file === '+server.ts') {
      for (const method of METHODS) if (method in module) route.entries.add(method);
      // Answers whatever has no handler of its own: nothing can be said about that beforehand.
      if ('fallback' in module) route.entries.add('action:fallback');
    } else {
      for (const name of Object.keys(module)) route.entries.add(`action:remote ${name}`);
    }
  }
  return found;
}

/** What a request asks of its route; null for a method that nothing here answers to. */
export function entryOf(request: Request, url: URL, routeId: string): Entry | null {
  const rows = routeAccess[routeId] ?? {};
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const known = METHODS.find((each) => each === method);
  if (!known) return null;
  if (known in rows) return known;
  if (!('load' in rows)) return null;
  if (known === 'GET') return 'load';
  if (known !== 'POST') return null;
  // As the kit reads it: the first parameter whose name begins with a slash.
  const named = [...url.searchParams.keys()].find((key) => key.startsWith('/'));
  return `action:${named?.slice(1) ?? 'default'}`;
}
