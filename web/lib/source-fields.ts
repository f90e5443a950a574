/** How a line of the form is filled in. `words`: several at once, kept as words with spaces between. */
export type FieldKind = 'text' | 'number' | 'choice' | 'tick' | 'words' | 'lines';

export type SourceField = {
  /** Where the value stands in a source, e.g. `settings.list.link`; also the name of the input. */
  name: string;
  as: FieldKind;
  options?: readonly string[];
  /** What it is set to when nothing was said: shown as chosen. */
  usual?: string;
  /** Not needed by most: folded away at first. */
  advanced?: true;
};

const text = (...names: string[]): SourceField[] =>
  names.map((name) => ({ name: `settings.${name}`, as: 'text', advanced: true }));

const siteFields: SourceField[] = [
  ...text('list.link', 'list.next'),
  { name: 'settings.list.maxPages', as: 'number', advanced: true },
  ...text('article.title', 'article.text', 'article.publishedAt', 'article.outlet', 'article.remove'),
  ...text(
    'article.comment.item',
    'article.comment.text',
    'article.comment.publishedAt',
    'article.comment.likes',
  ),
  ...text('thread.item', 'thread.text', 'thread.publishedAt', 'thread.next'),
];

const apiFields: SourceField[] = [
  ...[
    'items',
    'fields.text',
    'fields.id',
    'fields.url',
    'urlTemplate',
    'fields.title',
    'fields.publishedAt',
  ].map((name): SourceField => ({ name: `settings.${name}`, as: 'text' })),
  ...text('fields.outlet', 'fields.likes', 'fields.comments', 'fields.shares', 'next', 'nextParam'),
  { name: 'settings.maxPages', as: 'number', advanced: true },
];

/** The settings of each kind that have a line of their own; the others stand together in YAML. */
export const settingsFields: Readonly<Record<string, readonly SourceField[]>> = {
  feed: [{ name: 'settings.fullText', as: 'choice', options: ['auto', 'always', 'never'], usual: 'auto' }],
  site: siteFields,
  api: apiFields,
  browser: [
    { name: 'settings.more.selector', as: 'text' },
    { name: 'settings.more.times', as: 'number' },
    { name: 'settings.scroll', as: 'number' },
    { name: 'settings.waitFor', as: 'text' },
    { name: 'settings.renderArticles', as: 'tick' },
    ...siteFields,
  ],
  weibo: [
    { name: 'settings.uid', as: 'text' },
    {
      ...{ name: 'settings.read', as: 'words', options: ['comments', 'to-me', 'mentions'] },
      usual: 'comments to-me mentions',
    },
    { name: 'settings.callsPerDay', as: 'number', advanced: true },
    { name: 'settings.followDays', as: 'number', advanced: true },
  ],
  wechat: [
    { name: 'settings.appId', as: 'text' },
    { name: 'settings.messages', as: 'choice', options: ['off', 'plain', 'aes'], usual: 'off' },
    { name: 'settings.articles', as: 'lines', advanced: true },
    { name: 'settings.callsPerDay', as: 'number', advanced: true },
    { name: 'settings.followDays', as: 'number', advanced: true },
  ],
  upload: [
    { name: 'settings.postKind', as: 'choice', options: ['article', 'post', 'comment'], usual: 'post' },
  ],
  push: [{ name: 'settings.callsPerMinute', as: 'number', advanced: true }],
};

/** Kinds that the hub visits under an address; those that it visits at all; and all of them, as one chooses among them. */
export const addressedKinds: readonly string[] = ['feed', 'site', 'api', 'browser'];
export const visitedKinds: readonly string[] = [...addressedKinds, 'weibo', 'wechat'];
export const deskKinds: readonly string[] = [...visitedKinds, 'upload', 'push'];

/** Seconds between two visits that people choose among. */
export const usualIntervals: readonly number[] = [
  300, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400, 259_200, 604_800,
];

/** Seconds to begin with, where nothing tells how often a source changes. */
export const USUAL_INTERVAL = 3_600;

/** What was typed, by the name of the line. */
export type Typed = Readonly<Record<string, string>>;

/** The lines of a source as they are filled in at first. */
export function typedOf(source: {
  kind: string;
  name?: string;
  url?: string | null;
  outlet?: string | null;
  key?: string;
  intervalSeconds?: number;
  longestIntervalSeconds?: number | null;
  settings?: unknown;
}): { typed: Typed; rest: Record<string, unknown> } {
  // Settings are JSON; as a page's state they are a proxy, which the browser's own clone refuses.
  const rest = JSON.parse(JSON.stringify(source.settings ?? {})) as Record<string, unknown>;
  const typed: Record<string, string> = {
    name: source.name ?? '',
    url: source.url ?? '',
    outlet: source.outlet ?? '',
    key: source.key ?? '',
    intervalSeconds: source.intervalSeconds === undefined ? '' : String(source.intervalSeconds),
    longestIntervalSeconds: source.longestIntervalSeconds ? String(source.longestIntervalSeconds) : '',
  };
  for (const { name, as } of settingsFields[source.kind] ?? []) {
    const value = takeOut(rest, name.split('.').slice(1));
    if (value !== undefined) typed[name] = asText(value, as);
  }
  return { typed, rest };
}

function asText(value: unknown, as: FieldKind): string {
  if (Array.isArray(value)) return value.join(as === 'lines' ? '\n' : ' ');
  if (as === 'tick') return value === true ? 'on' : '';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Takes a value out of nested objects, and those that are left empty with it. */
function takeOut(from: Record<string, unknown>, path: readonly string[]): unknown {
  const [key = '', ...deeper] = path;
  if (deeper.length === 0) {
    const value = from[key];
    delete from[key];
    return value;
  }
  const inner = from[key];
  if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return undefined;
  const value = takeOut(inner as Record<string, unknown>, deeper);
  if (Object.keys(inner).length === 0) delete from[key];
  return value;
}

/** Puts a value into nested objects, making those that are not there. */
export function putIn(into: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = '', ...deeper] = path;
  if (deeper.length === 0) {
    into[key] = value;
    return;
  }
  const inner = into[key];
  const holder = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? inner : {};
  into[key] = holder;
  putIn(holder as Record<string, unknown>, deeper, value);
}
