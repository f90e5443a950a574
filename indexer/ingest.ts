import type { Draft } from '../store/drafts.ts';
import type { Store } from '../store/pool.ts';
import { storePosts, type NewPost, type StoreResult } from '../store/posts.ts';
import { runSteps } from './steps/index.ts';

export type IngestResult = StoreResult & {
  /** Drafts that could not become posts, with the reason; everything else of the batch is stored. */
  refused: { url: string; why: unknown }[];
};

/**
 * Drafts → steps → one transaction. One draft that breaks a step or the database does not take the others with it.
 * @param now Unix ms at which the drafts were read
 */
export async function ingest(
  store: Store,
  source: { id: number; officeId: number },
  drafts: readonly Draft[],
  now: number,
): Promise<IngestResult> {
  const posts: NewPost[] = [];
  const refused: IngestResult['refused'] = [];
  for (const draft of drafts) {
    try {
      const post = runSteps(draft, { now });
      if (post) posts.push(post);
      else refused.push({ url: draft.url, why: 'no readable text' });
    } catch (why) {
      refused.push({ url: draft.url, why });
    }
  }
  const stored = await storeAround(store, source, posts, refused);
  return { ...stored, refused };
}

/** Stores the batch; when the database refuses a value in it, halves it until that post stands alone. */
async function storeAround(
  store: Store,
  source: { id: number; officeId: number },
  posts: NewPost[],
  refused: IngestResult['refused'],
): Promise<StoreResult> {
  try {
    return await storePosts(store, source.officeId, source.id, posts);
  } catch (why) {
    if (!isBadValue(why)) throw why;
    const [only] = posts;
    if (posts.length === 1 && only) {
      refused.push({ url: only.url, why });
      return { fresh: 0, copies: 0, known: 0 };
    }
    const middle = posts.length >> 1;
    const first = await storeAround(store, source, posts.slice(0, middle), refused);
    const second = await storeAround(store, source, posts.slice(middle), refused);
    return {
      fresh: first.fresh + second.fresh,
      copies: first.copies + second.copies,
      known: first.known + second.known,
    };
  }
}

/** SQLSTATE classes 22 (data exception), 23 (constraint), 54 (limit exceeded): the row is at fault, not the server. */
function isBadValue(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^(22|23|54)/.test(code);
}
