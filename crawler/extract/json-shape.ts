import { readDate } from './dates.ts';

/** How the items of a JSON answer could be read, as JMESPath (config/sources/api.ts). */
export type JsonShape = {
  /** Path of the list of items; `@` for the answer itself. */
  items: string;
  /** Field of the shape → path within an item. */
  fields: { id: string; text: string } & Partial<Record<OptionalField, string>>;
  /** Path of an absolute address within an item; null when items carry none. */
  url: string | null;
  /** Path of what leads to the next page; null when nothing looks like it. */
  next: string | null;
  /** How many items the answer holds. */
  count: number;
};

type OptionalField = 'title' | 'publishedAt' | 'likes' | 'comments' | 'shares';
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Item = { [key: string]: Json };

/** Names by which interfaces call things, the likeliest first. */
const NAMES = {
  id: /^(?:id|_id|idstr|mid|uuid|guid|(?:news|article|post|item|content|doc|info|topic|thread|aid|tid|cid|nid)_?id|aid|tid|nid|no|code|编号)$/i,
  text: /^(?:content|contents|text|body|full_?text|content_?(?:text|html)|summary|desc(?:ription)?|abstract|digest|intro|message|内容|正文|摘要)$/i,
  title: /^(?:title|name|subject|headline|(?:news|article)_?title|标题)$/i,
  publishedAt:
    /^(?:pub(?:lish(?:ed)?)?_?(?:date|time|at)?|publish(?:ed)?_?on|created?_?(?:at|time|date|on)?|ctime|post_?(?:date|time)|date|time|datetime|release_?(?:date|time)|issue_?(?:date|time)|display_?time|发布时间|时间)$/i,
  likes:
    /^(?:likes?(?:_?(?:count|num|total))?|attitudes_count|praise(?:_?(?:count|num))?|digg_?count|up(?:_?(?:count|num))?|点赞数?)$/i,
  comments:
    /^(?:comments?(?:_?(?:count|num|total))|comments_count|repl(?:y|ies)(?:_?(?:count|num))?|评论数?)$/i,
  shares: /^(?:shares?(?:_?(?:count|num|total))?|reposts_count|forward(?:_?(?:count|num))?|转发数?)$/i,
  url: /^(?:url|link|href|share_?url|web_?url|source_?url|(?:article|news|detail|page)_?url|permalink|链接)$/i,
  next: /^(?:next(?:_?(?:cursor|page|token|id|max_id))?|cursor|next_page_token|max_id|since_id|more_cursor)$/i,
} as const;

const DEEPEST = 5;
const MOST_NODES = 20_000;
/** Items that are looked at: a list's items are alike. */
const SAMPLED = 20;
const LONG_TEXT = 20;

/**
 * Guesses how a JSON answer is to be read: the longest list of objects that carry text. For a person to look at, never
 * to be relied on by itself.
 * @returns null when there is no such list
 */
export function jsonShape(body: unknown, now: number): JsonShape | null {
  let nodes = 0;
  let best: { path: string[]; items: Item[]; fields: JsonShape['fields']; score: number } | null = null;
  const queue: { value: Json; path: string[] }[] = [{ value: body as Json, path: [] }];
  for (let place = queue.shift(); place && nodes < MOST_NODES; place = queue.shift()) {
    nodes += 1;
    const { value, path } = place;
    if (Array.isArray(value)) {
      const items = value.filter(isObject);
      const fields = items.length > 0 ? fieldsOf(items.slice(0, SAMPLED), now) : null;
      const known = fields ? Object.keys(fields).length : 0;
      const score = items.length * known;
      if (fields && items.length * 2 > value.length && (best === null || score > best.score)) {
        best = { path, items, fields, score };
      }
    } else if (isObject(value) && path.length < DEEPEST) {
      for (const [key, inner] of Object.entries(value)) {
        if (typeof inner === 'object' && inner !== null) queue.push({ value: inner, path: [...path, key] });
      }
    }
  }
  if (best === null) return null;
  const { path, items, fields } = best;
  const sample = items.slice(0, SAMPLED);
  const url = pickField(
    sample,
    NAMES.url,
    (value) => typeof value === 'string' && /^https?:\/\//.test(value),
  );
  return {
    items: path.length === 0 ? '@' : path.map(quoted).join('.'),
    fields,
    url: url === null ? null : quoted(url),
    next: nextOf(body as Json, path),
    count: items.length,
  };
}

/** @returns null when the objects say nothing that could be stored */
function fieldsOf(items: Item[], now: number): JsonShape['fields'] | null {
  const plain = (value: Json) => typeof value === 'string' || typeof value === 'number';
  const words = (value: Json) => typeof value === 'string' && value.trim() !== '';
  const dated = (value: Json) =>
    (typeof value === 'string' && readDate(value, now) !== null) || isEpoch(value, now);
  const counted = (value: Json) => /^\d{1,9}$/.test(String(value));
  const title = pickField(items, NAMES.title, words);
  const text = pickField(items, NAMES.text, words) ?? longest(items, title) ?? title;
  if (text === null) return null;
  // Without an id the address says which item it is; without that, nothing does.
  const id = pickField(items, NAMES.id, plain) ?? pickField(items, NAMES.url, plain);
  if (id === null) return null;
  const fields: JsonShape['fields'] = { id: quoted(id), text: quoted(text) };
  const others = {
    title: title === text ? null : title,
    publishedAt: pickField(items, NAMES.publishedAt, dated),
    likes: pickField(items, NAMES.likes, counted),
    comments: pickField(items, NAMES.comments, counted),
    shares: pickField(items, NAMES.shares, counted),
  };
  for (const [name, key] of Object.entries(others)) {
    if (key !== null) fields[name as OptionalField] = quoted(key);
  }
  return fields;
}

/** The key, of those so named, that most of the items fill with what fits. */
function pickField(items: Item[], name: RegExp, fits: (value: Json) => boolean): string | null {
  const filled = new Map<string, number>();
  for (const item of items) {
    for (const [key, value] of Object.entries(item)) {
      if (name.test(key) && fits(value)) filled.set(key, (filled.get(key) ?? 0) + 1);
    }
  }
  const [best] = [...filled].sort((a, b) => b[1] - a[1] || a[0].length - b[0].length);
  return best && best[1] * 2 >= items.length ? best[0] : null;
}

/** Text under a name that nobody could guess. */
function longest(items: Item[], except: string | null): string | null {
  const lengths = new Map<string, number>();
  for (const item of items) {
    for (const [key, value] of Object.entries(item)) {
      if (key !== except && typeof value === 'string' && !/^https?:\/\//.test(value)) {
        lengths.set(key, (lengths.get(key) ?? 0) + value.length);
      }
    }
  }
  const [best] = [...lengths].sort((a, b) => b[1] - a[1]);
  return best && best[1] >= LONG_TEXT * items.length ? best[0] : null;
}

/** Beside the list or at the top of the answer. */
function nextOf(body: Json, path: string[]): string | null {
  for (const depth of [path.length - 1, 0]) {
    const place = path.slice(0, Math.max(0, depth));
    const holder = place.reduce<Json>((value, key) => (isObject(value) ? (value[key] ?? null) : null), body);
    if (!isObject(holder)) continue;
    for (const [key, value] of Object.entries(holder)) {
      if (NAMES.next.test(key) && (typeof value === 'string' || typeof value === 'number')) {
        return [...place, key].map(quoted).join('.');
      }
    }
  }
  return null;
}

/** Seconds or milliseconds of the last thirty years. */
function isEpoch(value: Json, now: number): boolean {
  if (!/^\d{10}(?:\d{3})?$/.test(String(value))) return false;
  const ms = Number(value) * (String(value).length === 10 ? 1000 : 1);
  return ms <= now + 86_400_000 && ms > now - 30 * 366 * 86_400_000;
}

function isObject(value: Json): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A key as JMESPath writes it. */
function quoted(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? key : JSON.stringify(key);
}
