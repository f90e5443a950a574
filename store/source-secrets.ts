import type { PoolClient } from 'pg';
import type { Cipher } from '../config/cipher.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

/** @param id `⟨source⟩/⟨name⟩` */
export const sourceSecretContext = (id: string): string => `source-secret:${id}`;

const contextOf = (sourceId: number, name: string) => sourceSecretContext(`${sourceId}/${name}`);

/** Name → value of everything that opens the source's interfaces. @throws OldKeyNeeded, SealBroken */
export async function sourceSecrets(
  db: Queryable,
  cipher: Cipher,
  sourceId: number,
): Promise<Record<string, string>> {
  const found = await db.query<{ name: string; sealed: string }>(
    'select name, sealed from source_secrets where source_id = $1',
    [sourceId],
  );
  return Object.fromEntries(
    found.rows.map(({ name, sealed }) => [name, cipher.open(sealed, contextOf(sourceId, name)).toString()]),
  );
}

/** What may be shown of a secret. */
export type SecretState = { name: string; setAt: Date; endsAt: Date | null };

export async function secretStates(db: Queryable, sourceId: number): Promise<SecretState[]> {
  const found = await db.query<SecretState>(
    `select name, set_at as "setAt", ends_at as "endsAt" from source_secrets where source_id = $1 order by name`,
    [sourceId],
  );
  return found.rows;
}

/**
 * Sets a secret of a source; the audit log learns that it was set, and nothing of its value.
 * @param actor a person, or the hub where it comes from the environment
 * @returns false when the source has this very value already (nothing is entered), or is out of the scope
 */
export async function setSourceSecret(
  store: Store,
  cipher: Cipher,
  actor: Actor,
  to: { sourceId: number; name: string; value: string },
): Promise<boolean> {
  const { sourceId, name, value } = to;
  return transaction(store, async (client) => {
    // The source's row is locked, so that of two who set it at once one comes after the other.
    const source = await client.query<{ officeId: number }>(
      'select office_id as "officeId" from sources where id = $1 for update',
      [sourceId],
    );
    const officeId = source.rows[0]?.officeId;
    if (officeId === undefined) return false;
    const kept = await client.query<{ sealed: string }>(
      'select sealed from source_secrets where source_id = $1 and name = $2',
      [sourceId, name],
    );
    const sealed = kept.rows[0]?.sealed;
    if (sealed !== undefined && isSame(cipher, sealed, contextOf(sourceId, name), value)) return false;
    await client.query(
      `insert into source_secrets (source_id, name, office_id, sealed, set_by) values ($1, $2, $3, $4, $5)
       on conflict (source_id, name) do update
         set sealed = excluded.sealed, set_at = now(), set_by = excluded.set_by, ends_at = null`,
      [
        sourceId,
        name,
        officeId,
        cipher.seal(value, contextOf(sourceId, name)),
        actor.role === 'hub' ? null : actor.id,
      ],
    );
    // What it was refused for may be mended: no need to wait for the next visit.
    await client.query('update sources set next_visit_at = now() where id = $1', [sourceId]);
    const act = { action: 'source-secret-set', subject: `source:${sourceId}`, after: { name } };
    await appendAudit(client, { ...actor, officeId, ...act });
    return true;
  });
}

/** A value that cannot be opened any more is not the same: it is being replaced. */
function isSame(cipher: Cipher, sealed: string, context: string, value: string): boolean {
  try {
    return cipher.open(sealed, context).toString() === value;
  } catch {
    return false;
  }
}

/**
 * Takes a source's secrets away, with an entry in the log where there were some: they were set for another destination.
 * @param client of the transaction that changes the source
 */
export async function dropSecrets(client: PoolClient, actor: Actor, sourceId: number): Promise<void> {
  const dropped = await client.query<{ name: string }>(
    'delete from source_secrets where source_id = $1 returning name',
    [sourceId],
  );
  if (dropped.rows.length === 0) return;
  const before = { names: dropped.rows.map(({ name }) => name) };
  await appendAudit(client, {
    ...actor,
    action: 'source-secret-drop',
    subject: `source:${sourceId}`,
    before,
  });
}

/** Notes when the platform says that a secret ends. */
export async function noteSecretEnd(
  db: Queryable,
  sourceId: number,
  name: string,
  endsAt: Date,
): Promise<void> {
  await db.query('update source_secrets set ends_at = $3 where source_id = $1 and name = $2', [
    sourceId,
    name,
    endsAt,
  ]);
}
