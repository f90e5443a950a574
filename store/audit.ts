import type { PoolClient } from 'pg';
import { OldKeyNeeded, type Cipher } from '../config/cipher.ts';
import { hubActor } from './actor.ts';
import { entryHash, entryText, GENESIS, headMac, type Act } from './audit-entry.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

export type { Act } from './audit-entry.ts';

let opened: Cipher | null = null;

/** Gives this process the key of the chain, once, at its start. Without it nothing is appended, and no act goes through. */
export function openAuditLog(cipher: Cipher): void {
  opened = cipher;
}

/** The cipher that the log was opened with. */
export function auditCipher(): Cipher {
  if (!opened) throw new Error('openAuditLog was not called in this process');
  return opened;
}

/** Where the chain ends. */
export type Head = { seq: number; hash: string; by: string; mac: string };

export const HEAD = `select seq, encode(hash, 'hex') as hash, key_id as by, encode(mac, 'hex') as mac from audit_head`;

const BEGINNING = { seq: 0, hash: GENESIS };

/** The action of the entry that says: the head of the chain was not the program's. `verifyAudit` reports it. */
export const HEAD_BROKEN = 'audit-head-broken';

/**
 * Appends to the hash chain; belongs into the transaction of the act itself, so that neither is there without the other,
 * and to its end: the head of the chain stays locked until the commit, and every other act waits for it.
 */
export async function appendAudit(client: PoolClient, act: Act): Promise<void> {
  const cipher = auditCipher();
  // Locked until the commit: one appender at a time, and the chain has no forks.
  const found = await client.query<Head>(`${HEAD} where id = 1 for update`);
  let head = found.rows[0];
  if (!head) throw new Error('audit_head has no row');
  if (!(await isOwnHead(client, head))) {
    // Going on from it in silence would make it good again, and hide what was taken away behind it.
    const last = await client.query<{ seq: number; hash: string }>(
      `select seq, encode(hash, 'hex') as hash from audit_last()`,
    );
    const note = { ...hubActor('audit', act.officeId), action: HEAD_BROKEN, subject: 'audit-log' };
    head = await append(client, cipher, last.rows[0] ?? BEGINNING, { ...note, before: head });
  }
  await append(client, cipher, head.seq === 0 ? BEGINNING : head, act);
}

/** Whether the program itself wrote the head, or nobody has yet. */
async function isOwnHead(client: Queryable, head: Head): Promise<boolean> {
  if (head.seq > 0 || head.mac !== '') return isHead(auditCipher(), head);
  const last = await client.query('select from audit_last()');
  return last.rowCount === 0;
}

export function isHead(cipher: Cipher, { seq, hash, by, mac }: Head): boolean {
  try {
    return headMac(cipher, seq, hash, by) === mac;
  } catch (error) {
    if (error instanceof OldKeyNeeded) return false;
    throw error;
  }
}

async function append(
  client: Queryable,
  cipher: Cipher,
  after: Pick<Head, 'seq' | 'hash'>,
  act: Act,
): Promise<Head> {
  const seq = after.seq + 1;
  const text = entryText(seq, new Date(), act);
  const hash = entryHash(cipher, after.hash, text);
  const mac = headMac(cipher, seq, hash);
  await client.query(
    `with moved as (
       update audit_head set seq = $1, hash = decode($4, 'hex'), key_id = $5, mac = decode($6, 'hex') where id = 1
     )
     insert into audit_entries (seq, entry, previous, hash, key_id)
     values ($1, $2, decode($3, 'hex'), decode($4, 'hex'), $5)`,
    [seq, text, after.hash, hash, cipher.current, mac],
  );
  return { seq, hash, by: cipher.current, mac };
}

/** The first entry of all, so that an empty log is never one that nothing happened to. */
export async function beginAudit(store: Store, officeId: number): Promise<void> {
  await transaction(store, async (client) => {
    const found = await client.query<Head>(`${HEAD} where id = 1 for update`);
    const head = found.rows[0];
    if (head && (head.seq > 0 || head.mac !== '')) return;
    await appendAudit(client, {
      ...hubActor('start', officeId),
      action: 'audit-begin',
      subject: 'audit-log',
    });
  });
}

/** What a command does to the hub as a whole, entered with the office that the hub was set up for. */
export async function auditCommand(
  store: Store,
  command: string,
  act: Pick<Act, 'action' | 'subject' | 'after'>,
): Promise<void> {
  await transaction(store, async (client) => {
    const first = await client.query<{ id: number | null }>('select min(id) as id from offices');
    await appendAudit(client, { ...hubActor(command, first.rows[0]?.id ?? 0), ...act });
  });
}
