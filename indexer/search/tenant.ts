import { generateTenantToken } from 'meilisearch/token';
import type { SearchRow } from '../../store/search-outbox.ts';
import type { Scope } from '../../store/scope.ts';
import { openClient, POSTS_INDEX, type PostsIndex, type SearchEngine } from './engine.ts';

/** A key that can do nothing but search, and sign narrower tokens. */
export type SearchKey = { uid: string; key: string };

/** Fixed, so that every start and every machine finds the same key; the engine derives the key itself from it. */
const UID = '6a5f4a53-0001-4a53-8a53-6a69616e7368';

/** The hub's search key, made when the engine does not have it (a first start, or its data was dropped). */
export async function ensureSearchKey({ client }: SearchEngine): Promise<SearchKey> {
  const known = await client.getKey(UID).catch(() => null);
  const { uid, key } =
    known ??
    (await client.createKey({
      uid: UID,
      name: 'jiansheng search',
      actions: ['search'],
      indexes: [POSTS_INDEX],
      expiresAt: null,
    }));
  return { uid, key };
}

/** A token lives as long as one request may take. */
const TOKEN_MS = 60_000;

/**
 * The posts of a scope, and nothing else: the engine itself adds the scope to every search made through it.
 * @param shared ids of single posts that were shared with the scope's offices
 */
export async function searchWithin(
  url: string,
  { uid, key }: SearchKey,
  scope: Scope,
  shared: readonly number[],
  timeoutMs: number,
): Promise<PostsIndex> {
  const offices = `officeId IN [${scope.offices.join(', ')}]`;
  const filter = shared.length > 0 ? `(${offices} OR id IN [${shared.join(', ')}])` : offices;
  const token = await generateTenantToken({
    apiKey: key,
    apiKeyUid: uid,
    searchRules: { [POSTS_INDEX]: scope.every ? {} : { filter } },
    expiresAt: new Date(Date.now() + TOKEN_MS),
  });
  return openClient(url, token, timeoutMs).index<SearchRow>(POSTS_INDEX);
}
