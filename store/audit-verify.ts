import type { PoolClient } from 'pg';
import { OldKeyNeeded, type Cipher } from '../config/cipher.ts';
import { auditCipher, HEAD, HEAD_BROKEN, isHead, type Head } from './audit.ts';
import { entryHash, GENESIS, isEntry, readEntry } from './audit-entry.ts';
import type { Store } from './pool.ts';

/** What is wrong with the chain, and where. */
export type Finding =
  /** The text or the hash of an entry is not what was written. */
  | { kind: 'changed'; seq: number }
  /** Entries that are not there any more, from one number to another. */
  | { kind: 'removed'; from: number; to: number }
  /** A genuine entry in the place of another one. */
  | { kind: 'moved'; seq: number; was: number }
  /** An entry outside the chain that the program did not write. */
  | { kind: 'forged'; seq: number }
  /** Two genuine entries that do not belong after one another: one comes from another time of this database. */
  | { kind: 'unlinked'; seq: number }
  /** Not to be checked: made with a key that the hub was not given, or so it says. */
  | { kind: 'no-key'; seq: number; key: string }
  /** The head of the chain is not the program's, or does not belong to the last entry; seq: that it was found so then. */
  | { kind: 'head'; seq: number | null }
  /** There is no entry at all. */
  | { kind: 'empty' };

export type Verdict = {
  /** Entries looked at. */
  entries: number;
  lastSeq: number;
  /** The first ones, in the order of the chain. */
  findings: Finding[];
  /** How many there are in all. */
  total: number;
};

/** More than these are counted and not told one by one. */
export const MOST_FINDINGS = 20;
const PAGE = 4_000;

type Row = [seq: number, entry: string, hash: string, by: string];

/**
 * Walks the whole chain, as it stands at one moment, and says what does not fit.
 * @param db sees the entries of every office
 * @param onProgress told after every page how many entries were looked at, and the number of the last one
 */
export async function verifyAudit(
  db: Store,
  onProgress: (entries: number, lastSeq: number) => void = () => {},
): Promise<Verdict> {
  const client = await db.connect();
  try {
    // One snapshot: what is appended meanwhile belongs to the next verification.
    await client.query('begin transaction isolation level repeatable read, read only');
    const found = await client.query<Head>(`${HEAD} where id = 1`);
    const head = found.rows[0];
    const cipher = auditCipher();
    const walk = new Walk(cipher, head && isHead(cipher, head) ? head : null);
    await readPages(client, async (page) => {
      await walk.page(page, (from, to) => previousOf(client, from, to));
      onProgress(walk.entries, walk.lastSeq);
    });
    await client.query('commit');
    return walk.end();
  } finally {
    // Also out of a transaction that was left half-way.
    client.release(true);
  }
}

async function readPages(client: PoolClient, onPage: (page: Row[]) => Promise<void>): Promise<void> {
  await client.query(
    `declare audit_walk no scroll cursor for
     select seq, entry, encode(hash, 'hex'), key_id from audit_entries order by seq`,
  );
  const next = () => client.query<Row>({ text: `fetch ${PAGE} from audit_walk`, rowMode: 'array' });
  for (let coming = next(); ;) {
    const { rows } = await coming;
    if (rows.length === 0) return;
    // The database reads the next page while this one is hashed.
    coming = next();
    coming.catch(() => {});
    await onPage(rows);
  }
}

async function previousOf(client: PoolClient, from: number, to: number): Promise<Map<number, string>> {
  const found = await client.query<{ seq: number; previous: string }>(
    `select seq, encode(previous, 'hex') as previous from audit_entries where seq between $1 and $2`,
    [from, to],
  );
  return new Map(found.rows.map((row) => [row.seq, row.previous]));
}

/** The search for the word comes first: parsing a million entries would take longer than hashing them. */
function saysHeadBroken(entry: string): boolean {
  return entry.includes(HEAD_BROKEN) && readEntry(entry).action === HEAD_BROKEN;
}

/** What is known while the chain is walked along, entry by entry. */
class Walk {
  entries = 0;
  lastSeq = 0;
  readonly #cipher: Cipher;
  readonly #head: Head | null;
  readonly #findings: Finding[] = [];
  #total = 0;
  /** Hash that the last entry shows; null where the entry before the next one is missing. */
  #hash: string | null = GENESIS;
  /** Whether that entry was genuine and in its place. */
  #sound = true;
  /** Whether somebody hung an entry of their own onto the end. */
  #forgedEnd = false;

  constructor(cipher: Cipher, head: Head | null) {
    this.#cipher = cipher;
    this.#head = head;
  }

  async page(
    rows: Row[],
    previous: (from: number, to: number) => Promise<Map<number, string>>,
  ): Promise<void> {
    let own: Map<number, string> | null = null;
    for (const row of rows) {
      const [seq, entry, hash] = row;
      this.entries++;
      if (seq > this.lastSeq + 1) {
        this.#report({ kind: 'removed', from: this.lastSeq + 1, to: seq - 1 });
        this.#hash = null;
      }
      if (!this.#follows(row)) {
        // Fetched only where something is wrong: in a sound chain it is the hash before.
        own ??= await previous(rows[0]?.[0] ?? 0, rows.at(-1)?.[0] ?? 0);
        this.#judge(row, own.get(seq) ?? '');
      } else this.#sound = true;
      if (this.#sound && saysHeadBroken(entry)) this.#report({ kind: 'head', seq });
      this.#hash = hash;
      if (seq > 0) this.lastSeq = seq;
    }
  }

  /** Nearly always: the entry is the next one and hashes, with the hash before it, to what it shows. */
  #follows([seq, entry, hash, by]: Row): boolean {
    if (this.#hash === null || seq !== this.lastSeq + 1 || !isEntry(seq, entry)) return false;
    return this.#hashOf(this.#hash, entry, by) === hash;
  }

  /** What is wrong with an entry that does not follow, if it is not its neighbour's fault. */
  #judge([seq, entry, hash, by]: Row, previous: string): void {
    const expected = this.#hashOf(previous, entry, by);
    const beyond = seq < 1 || (this.#head !== null && seq > this.#head.seq);
    const before = this.#sound;
    this.#sound = false;
    if (expected === null) this.#report({ kind: 'no-key', seq, key: by });
    else if (expected !== hash) {
      this.#forgedEnd ||= seq > 0 && beyond;
      this.#report({ kind: beyond ? 'forged' : 'changed', seq });
    } else if (!isEntry(seq, entry)) this.#report({ kind: 'moved', seq, was: readEntry(entry).seq });
    else {
      this.#sound = true;
      if (before && this.#hash !== null && previous !== this.#hash) this.#report({ kind: 'unlinked', seq });
    }
  }

  #hashOf(previous: string, entry: string, by: string): string | null {
    try {
      return entryHash(this.#cipher, previous, entry, by);
    } catch (error) {
      if (error instanceof OldKeyNeeded) return null;
      throw error;
    }
  }

  #report(finding: Finding): void {
    this.#total++;
    if (this.#findings.length < MOST_FINDINGS) this.#findings.push(finding);
  }

  /** After the last entry: does the chain end where its head says? */
  end(): Verdict {
    const head = this.#head;
    if (head !== null && head.seq > this.lastSeq) {
      this.#report({ kind: 'removed', from: this.lastSeq + 1, to: head.seq });
    } else if (this.entries === 0) this.#report({ kind: 'empty' });
    else if (head === null || this.#endsElsewhere(head)) this.#report({ kind: 'head', seq: null });
    const { entries, lastSeq } = this;
    return { entries, lastSeq, findings: this.#findings, total: this.#total };
  }

  #endsElsewhere(head: Head): boolean {
    if (head.seq < this.lastSeq) return !this.#forgedEnd;
    return this.#sound && head.hash !== this.#hash;
  }
}
