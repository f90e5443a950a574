import { z } from 'zod';
import type { SentDraft } from '../../store/drafts.ts';
import { canonicalUrl } from '../extract/canonical.ts';
import { readDate } from '../extract/dates.ts';
import { pushMessages as words } from '../messages.ts';

/** What one call may hold. */
export const PUSH_LIMITS = { items: 1_000, bytes: 5 * 2 ** 20 };

const address = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .nullish();
const count = z.number().int().min(0).max(2_147_483_647).nullish();

const counts = { likes: count, comments: count, shares: count, times: count };

const shape = {
  id: z.union([z.string().trim().min(1).max(300), z.number().int().transform(String)]),
  url: address,
  kind: z.enum(['article', 'post', 'comment']).default('post'),
  parentUrl: address,
  title: z.string().max(1_000).nullish(),
  text: z.string().trim().min(1).max(200_000),
  /** Has to be stated: null says that the system does not know it. */
  publishedAt: z.union([z.string().max(100), z.number(), z.null()]),
  outlet: z.string().max(40).nullish(),
  counts: z.object(counts).nullish(),
};
const item = z.object(shape);

export type PushContext = {
  /** Of items that name none. */
  outlet: string | null;
  /** Unix ms. */
  now: number;
};

export type ReadItem =
  | {
      draft: SentDraft;
      /** Keys that are not read, and what they hold is dropped: authors among them. */
      ignored: string[];
    }
  /** What is wrong, field by field. */
  | { draft: null; problem: string };

/** One item as another system sends it. */
export function readItem(given: unknown, { outlet, now }: PushContext): ReadItem {
  const read = item.safeParse(given);
  if (!read.success) {
    const fields = new Set(read.error.issues.map(({ path }) => String(path[0] ?? '')));
    return {
      draft: null,
      problem: [...fields].map((name) => words.fields[name] ?? words.notObject).join(''),
    };
  }
  const { data } = read;
  const publishedAt = readTime(data.publishedAt, now);
  if (publishedAt === undefined) return { draft: null, problem: words.fields['publishedAt'] ?? '' };
  const draft: SentDraft = {
    kind: data.kind,
    url: canonicalUrl(data.url ?? ''),
    externalId: data.id,
    parentUrl: canonicalUrl(data.parentUrl ?? ''),
    title: data.title?.trim() || null,
    text: data.text,
    publishedAt,
    outlet: data.outlet?.trim() || outlet,
    counts: {
      likes: data.counts?.likes ?? null,
      comments: data.counts?.comments ?? null,
      shares: data.counts?.shares ?? null,
      times: data.counts?.times || null,
    },
  };
  return { draft, ignored: ignoredOf(given as object) };
}

function ignoredOf(given: object): string[] {
  const inner = (given as { counts?: object | null }).counts ?? {};
  return [
    ...Object.keys(given).filter((key) => !Object.hasOwn(shape, key)),
    ...Object.keys(inner)
      .filter((key) => !Object.hasOwn(counts, key))
      .map((key) => `counts.${key}`),
  ];
}

/** A time in words (Asia/Shanghai where it names no zone), or a number of seconds or milliseconds. Undefined: unreadable. */
function readTime(given: string | number | null, now: number): number | null | undefined {
  if (given === null) return null;
  if (typeof given === 'string') return readDate(given, now) ?? undefined;
  // As seconds, this would be the year 5138.
  const at = Math.abs(given) < 100_000_000_000 ? given * 1000 : given;
  return Number.isFinite(at) && Math.abs(at) < 8.64e15 ? Math.round(at) : undefined;
}

export type ReadBody = { items: unknown[]; ignored: string[] } | { problem: string };

/** A line that is no JSON stands for an item that is none. */
const UNREADABLE = Symbol('unreadable');

/**
 * The items of a body: `{"items": […]}`, or one object a line.
 * @param form what the content type says
 */
export function readItems(text: string, form: 'json' | 'lines'): ReadBody {
  if (form === 'lines') {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return { items: lines.map(parse), ignored: [] };
  }
  const whole = parse(text);
  if (whole === UNREADABLE) return { problem: words.notJson };
  if (typeof whole !== 'object' || whole === null) return { problem: words.noItems };
  const { items, ...rest } = whole as { items?: unknown };
  if (!Array.isArray(items)) return { problem: words.noItems };
  return { items, ignored: Object.keys(rest) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return UNREADABLE;
  }
}
