import { divisions } from '../config/divisions.ts';
import { keyOf, type AnyDraft } from '../store/drafts.ts';
import type { Queryable, Store } from '../store/pool.ts';
import type { NewPost } from '../store/posts.ts';
import { storePosts, type StoreResult } from '../store/storing.ts';
import { officeAndAbove, officeById, type Office } from '../store/offices.ts';
import { defaultKnowledge, type Knowledge } from './knowledge.ts';
import { runStepsOnMany } from './steps/index.ts';
import type { StepContext } from './steps/types.ts';

/** Why a draft was refused of which nothing was left to read. */
export const NO_TEXT = 'no readable text';

export type IngestResult = StoreResult & {
  /**
   * Drafts that could not become posts, with the reason; everything else of the batch is stored. `url`: the address, or
   * what stands for it.
   */
  refused: { draft: AnyDraft; url: string; why: unknown }[];
};

/** Where drafts come from. `name` and `outlet` tell in which place the source is. */
export type IngestSource = {
  id: number;
  officeId: number;
  kind?: string;
  name?: string;
  outlet?: string | null;
};

/** What the steps are told of the source and its office. */
export async function contextOf(
  store: Queryable,
  source: Omit<IngestSource, 'id'>,
  now: number,
  knowledge: Knowledge,
): Promise<StepContext> {
  const { officeId, kind = null } = source;
  const above = await officeAndAbove(store, officeId);
  const office = await officeById(store, officeId);
  const officePlace = office && placeOfOffice(office, knowledge);
  return {
    now,
    officeId,
    above,
    officePlace,
    sourcePlace: placeOfSource(source, knowledge),
    sourceKind: kind,
    knowledge,
  };
}

/** Where an office is: by its name, else by the first six digits of its code, which are those of its division. */
function placeOfOffice({ name, code }: Office, { places }: Knowledge): string | null {
  const division = /^\d{6}/u.exec(code)?.[0] ?? '';
  return places.ofName(name) ?? (divisions.has(division) ? division : null);
}

function placeOfSource({ name, outlet }: Omit<IngestSource, 'id'>, { places }: Knowledge): string | null {
  return (outlet ? places.ofName(outlet) : null) ?? (name ? places.ofName(name) : null);
}

/**
 * Drafts → steps → one transaction. One draft that breaks a step or the database does not take the others with it.
 * @param now Unix ms at which the drafts were read
 * @param knowledge as it stands now; what ships with the program, if left out
 */
export async function ingest(
  store: Store,
  source: IngestSource,
  drafts: readonly AnyDraft[],
  now: number,
  knowledge: Knowledge = defaultKnowledge(),
): Promise<IngestResult> {
  const context = await contextOf(store, source, now, knowledge);
  const posts = new Map<NewPost, AnyDraft>();
  const refused: IngestResult['refused'] = [];
  for (const outcome of await runStepsOnMany(drafts, context)) {
    const { draft } = outcome;
    if ('why' in outcome) refused.push(refusal(draft, outcome.why));
    else if (outcome.post) posts.set(outcome.post, draft);
    else refused.push(refusal(draft, NO_TEXT));
  }
  const stored = await storeAround(store, source, [...posts.keys()], (post, why) =>
    refused.push(refusal(posts.get(post) as AnyDraft, why)),
  );
  return { ...stored, refused };
}

function refusal(draft: AnyDraft, why: unknown): IngestResult['refused'][number] {
  return { draft, url: draft.url ?? keyOf(draft), why };
}

/** Stores the batch; when the database refuses a value in it, halves it until that post stands alone. */
async function storeAround(
  store: Store,
  source: { id: number; officeId: number },
  posts: NewPost[],
  refuse: (post: NewPost, why: unknown) => void,
): Promise<StoreResult> {
  try {
    return await storePosts(store, source.officeId, source.id, posts);
  } catch (why) {
    if (!isBadValue(why)) throw why;
    const [only] = posts;
    if (posts.length === 1 && only) {
      refuse(only, why);
      return { fresh: 0, copies: 0, known: 0, withheld: 0 };
    }
    const middle = posts.length >> 1;
    const first = await storeAround(store, source, posts.slice(0, middle), refuse);
    const second = await storeAround(store, source, posts.slice(middle), refuse);
    return {
      fresh: first.fresh + second.fresh,
      copies: first.copies + second.copies,
      known: first.known + second.known,
      withheld: first.withheld + second.withheld,
    };
  }
}

/** SQLSTATE classes 22 (data exception), 23 (constraint), 54 (limit exceeded): the row is at fault, not the server. */
function isBadValue(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^(22|23|54)/.test(code);
}
