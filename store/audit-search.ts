import { readEntry, type AuditEntry } from './audit-entry.ts';
import type { Queryable } from './pool.ts';
import type { Offices } from './scope.ts';

/** What the log is searched for; null: anything. */
export type AuditFilter = Readonly<{
  /** From this time on, and before that one. */
  from: Date | null;
  to: Date | null;
  /** Ids of people, or names of commands; any of them. */
  actors: readonly string[] | null;
  action: string | null;
  /** An action that is left out. */
  but: string | null;
  /** What it was done to, `release:17`, or every one of a kind, `release`. */
  subject: string | null;
  /** A piece of the entry's text. */
  text: string | null;
}>;

export type FoundEntry = AuditEntry & { hash: string };

const MATCHING = `($1::int[] is null or office_id = any ($1)) and ($2::timestamptz is null or at >= $2)
  and ($3::timestamptz is null or at < $3) and ($4::text[] is null or actor = any ($4))
  and ($5::text is null or action = $5) and ($6::text is null or subject between $6 and $7)
  and ($8::text is null or entry ilike $8) and ($9::text is null or action <> $9)`;

function parameters(offices: Offices, filter: AuditFilter): unknown[] {
  return [
    offices,
    filter.from,
    filter.to,
    filter.actors,
    filter.action,
    ...subjects(filter.subject),
    filter.text === null ? null : `%${literal(asWritten(filter.text))}%`,
    filter.but,
  ];
}

/** Everything that begins so, or with a colon and an id the very thing: `release:17` is not `release:170`. */
function subjects(subject: string | null): [string | null, string | null] {
  const exact = subject === null || /:./u.test(subject);
  return [subject, exact ? subject : `${subject}\u{10ffff}`];
}

const literal = (text: string): string => text.replace(/[\\%_]/gu, '\\$&');
/** As JSON writes it: a quote or a line break within an entry has a backslash before it. */
const asWritten = (text: string): string => JSON.stringify(text).slice(1, -1);

/**
 * A page of entries, the newest first.
 * @param beside where the page begins: the entries before (older) or after (newer) this number
 */
export async function searchAudit(
  db: Queryable,
  offices: Offices,
  filter: AuditFilter,
  beside: { before: number } | { after: number } | null,
  limit: number,
): Promise<FoundEntry[]> {
  const newer = beside !== null && 'after' in beside;
  const edge = beside === null ? null : newer ? beside.after : beside.before;
  const found = await db.query<{ entry: string; hash: string }>(
    `select entry, encode(hash, 'hex') as hash from audit_entries
     where ${MATCHING} and ($10::bigint is null or seq ${newer ? '>' : '<'} $10)
     order by seq ${newer ? 'asc' : 'desc'} limit $11`,
    [...parameters(offices, filter), edge, limit],
  );
  const entries = found.rows.map(({ entry, hash }) => ({ ...readEntry(entry), hash }));
  return newer ? entries.reverse() : entries;
}

/** The newest entry of an action. */
export async function newestEntry(db: Queryable, action: string): Promise<AuditEntry | null> {
  const found = await db.query<{ entry: string }>(
    'select entry from audit_entries where action = $1 order by seq desc limit 1',
    [action],
  );
  const text = found.rows[0]?.entry;
  return text === undefined ? null : readEntry(text);
}
