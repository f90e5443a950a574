import { createHash } from 'node:crypto';
import { Refused } from '../config/errors.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { messages } from './messages.ts';
import { firstOfficeId } from './offices.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

const words = messages.wordLists;

/** The lists that people edit; what stands in each is known to the indexer (indexer/words/). */
export const wordLists = ['dictionary', 'classes', 'synonyms', 'stop-words'] as const;
export type WordListName = (typeof wordLists)[number];

export type WordListVersion = {
  list: WordListName;
  version: number;
  /** Null: as it ships with the program. */
  body: string | null;
  why: string;
  /** The version whose words these are again. */
  restores: number | null;
  madeAt: Date;
  /** Null: somebody of an office that is out of reach. */
  madeBy: string | null;
};

/** Longer lists would hold up whoever compiles them. In UTF-16 units. */
export const LONGEST_LIST = 500_000;
const LONGEST_WHY = 500;

const COLUMNS = `w.list, w.version, w.why, w.restores, w.made_at as "madeAt", p.name as "madeBy"`;

/** The list as it stands; version 0 and a null body before anybody has edited it. */
export async function wordList(
  db: Queryable,
  list: WordListName,
): Promise<{ version: number; body: string | null }> {
  const found = await db.query<{ version: number; body: string | null }>(
    'select version, body from word_lists where list = $1 order by version desc limit 1',
    [list],
  );
  return found.rows[0] ?? { version: 0, body: null };
}

/** Every list that was edited, as it stands. */
export async function editedLists(db: Queryable): Promise<Map<WordListName, string | null>> {
  const found = await db.query<{ list: WordListName; body: string | null }>(
    'select distinct on (list) list, body from word_lists order by list, version desc',
  );
  return new Map(found.rows.map(({ list, body }) => [list, body]));
}

/** The newest versions of a list without their words, the newest first. */
export async function versionsOf(
  db: Queryable,
  list: WordListName,
  limit = 50,
): Promise<Omit<WordListVersion, 'body'>[]> {
  const found = await db.query<Omit<WordListVersion, 'body'>>(
    `select ${COLUMNS} from word_lists w left join people p on p.id = w.made_by
     where w.list = $1 order by w.version desc limit $2`,
    [list, Math.min(limit, 200)],
  );
  return found.rows;
}

/** One version with its words; null when there is none. */
export async function versionOf(
  db: Queryable,
  list: WordListName,
  version: number,
): Promise<WordListVersion | null> {
  const found = await db.query<WordListVersion>(
    `select ${COLUMNS}, w.body from word_lists w left join people p on p.id = w.made_by
     where w.list = $1 and w.version = $2`,
    [list, version],
  );
  return found.rows[0] ?? null;
}

export type WordListEdit = {
  /** Null: back to what ships with the program. */
  body: string | null;
  why: string;
  /** The version that was read before the edit: nobody's words are overwritten unseen. */
  base: number;
  restores?: number | null;
};

/**
 * Makes a new version of a list, which every process of the hub then works with. That its words can be compiled is for the
 * caller to see to.
 * @throws Refused `word-list-office` for people of another office than the hub's first, whose list it is; `word-list-why`;
 *   `word-list-long`; `word-list-changed` when somebody has edited it meanwhile
 */
export async function saveWordList(
  store: Store,
  actor: Actor,
  list: WordListName,
  { body, why, base, restores = null }: WordListEdit,
): Promise<number> {
  const reason = why.trim();
  if (reason === '' || reason.length > LONGEST_WHY) throw new Refused('word-list-why', words.why);
  if ((body?.length ?? 0) > LONGEST_LIST) throw new Refused('word-list-long', words.long(LONGEST_LIST));
  return transaction(store, async (client) => {
    if (actor.officeId !== (await firstOfficeId(client))) {
      throw new Refused('word-list-office', words.otherOffice);
    }
    // Of two who save at once, the second is told.
    await client.query(`select from knowledge_versions where part = 'word-lists' for update`);
    const before = await wordList(client, list);
    if (before.version !== base) throw new Refused('word-list-changed', words.changed);
    const version = base + 1;
    await client.query(
      `insert into word_lists (list, version, body, why, restores, made_by) values ($1, $2, $3, $4, $5, $6)`,
      [list, version, body, reason, restores, actor.id],
    );
    await appendAudit(client, {
      ...{ ...actor, action: 'word-list-save', subject: `word-list:${list}` },
      // The words themselves stay in their versions, which nothing changes.
      before: { version: before.version, ...measured(before.body) },
      after: { version, ...measured(body), why: reason, restores },
    });
    return version;
  });
}

/** How long a list is, and by what it can be told from another. */
function measured(body: string | null): { rows: number | null; hash: string | null } {
  if (body === null) return { rows: null, hash: null };
  return { rows: body.split('\n').length, hash: createHash('sha256').update(body).digest('hex') };
}
