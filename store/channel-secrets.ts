import type { PoolClient } from 'pg';
import { channelSettings } from '../config/channels.ts';
import type { Cipher } from '../config/cipher.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { clearStop } from './channel-stops.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

/** @param id `⟨account⟩/⟨name⟩` */
export const channelSecretContext = (id: string): string => `channel-secret:${id}`;

const contextOf = (accountId: number, name: string) => channelSecretContext(`${accountId}/${name}`);

/** Name → value of everything that opens the account. @throws OldKeyNeeded, SealBroken */
export async function channelSecrets(
  db: Queryable,
  cipher: Cipher,
  accountId: number,
): Promise<Record<string, string>> {
  const found = await db.query<{ name: string; sealed: string }>(
    'select name, sealed from channel_secrets where account_id = $1',
    [accountId],
  );
  return Object.fromEntries(
    found.rows.map(({ name, sealed }) => [name, cipher.open(sealed, contextOf(accountId, name)).toString()]),
  );
}

/**
 * What opens the office's account of this name, for reading its comments: whoever has authorised it need not do so twice.
 * @param named the account as its channel names it
 * @param endpoint where the secrets would be sent: they go to no other place than the account's own
 * @returns name → value, and when it was set; nothing when the office has no such account
 * @throws OldKeyNeeded, SealBroken
 */
export async function secretsOfNamed(
  db: Queryable,
  cipher: Cipher,
  named: { officeId: number; channel: 'weibo' | 'wechat'; externalId: string },
  endpoint: string,
): Promise<Map<string, { value: string; setAt: Date }>> {
  const found = await db.query<{
    id: number;
    settings: unknown;
    name: string;
    sealed: string;
    setAt: Date;
  }>(
    `select a.id, a.settings, s.name, s.sealed, s.set_at as "setAt" from channel_accounts a
     join channel_secrets s on s.account_id = a.id
     where a.office_id = $1 and a.channel = $2 and a.external_id = $3 and a.archived_at is null`,
    [named.officeId, named.channel, named.externalId],
  );
  const own = found.rows.filter(({ settings }) => {
    const read = channelSettings[named.channel].safeParse(settings).data;
    return read !== undefined && new URL(read.endpoint).origin === new URL(endpoint).origin;
  });
  return new Map(
    own.map(({ id, name, sealed, setAt }) => {
      return [name, { value: cipher.open(sealed, contextOf(id, name)).toString(), setAt }];
    }),
  );
}

/** What may be shown of a secret. */
export type ChannelSecretState = { name: string; setAt: Date; endsAt: Date | null };

export async function channelSecretStates(db: Queryable, accountId: number): Promise<ChannelSecretState[]> {
  const found = await db.query<ChannelSecretState>(
    `select name, set_at as "setAt", ends_at as "endsAt" from channel_secrets where account_id = $1 order by name`,
    [accountId],
  );
  return found.rows;
}

/**
 * Sets a secret of an account, and lets the account try again what it was stopped for. The audit log learns that it was set,
 * and nothing of its value.
 * @param to `value` must hold to `channelSecretsOf`; `endsAt` where the platform says when it ends
 * @returns false when there is no such account in the scope
 */
export async function setChannelSecret(
  store: Store,
  cipher: Cipher,
  actor: Actor,
  to: { accountId: number; name: string; value: string; endsAt?: Date | null },
): Promise<boolean> {
  return transaction(store, (client) => setChannelSecretIn(client, cipher, actor, to));
}

/** As `setChannelSecret`, in a transaction that does more. */
export async function setChannelSecretIn(
  client: PoolClient,
  cipher: Cipher,
  actor: Actor,
  to: { accountId: number; name: string; value: string; endsAt?: Date | null },
): Promise<boolean> {
  const { accountId, name, value, endsAt = null } = to;
  // The account's row is locked, so that of two who set it at once one comes after the other.
  const account = await client.query<{ officeId: number; key: string }>(
    `select office_id as "officeId", channel || ':' || external_id as key from channel_accounts
     where id = $1 and archived_at is null for update`,
    [accountId],
  );
  const [row] = account.rows;
  if (!row) return false;
  const { officeId, key } = row;
  // While the platform changes from one key to the next, it pushes under either.
  if (name === 'encoding-aes-key') await keepPrevious(client, cipher, accountId, value);
  await client.query(
    `insert into channel_secrets (account_id, name, office_id, sealed, set_by, ends_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (account_id, name) do update
       set sealed = excluded.sealed, set_at = now(), set_by = excluded.set_by, ends_at = excluded.ends_at, warned_at = null`,
    [
      ...[accountId, name, officeId, cipher.seal(value, contextOf(accountId, name))],
      ...[actor.role === 'hub' ? null : actor.id, endsAt],
    ],
  );
  // A token that was lent for the secret before may be good no longer.
  if (name === 'app-secret')
    await client.query('delete from account_tokens where office_id = $1 and account = $2', [officeId, key]);
  await clearStop(client, accountId);
  await appendAudit(client, {
    ...{ ...actor, officeId, action: 'channel-secret-set', subject: `channel:${accountId}` },
    after: { name, ...(endsAt && { endsAt: endsAt.toISOString() }) },
  });
  return true;
}

async function keepPrevious(
  client: Queryable,
  cipher: Cipher,
  accountId: number,
  value: string,
): Promise<void> {
  const kept = await channelSecrets(client, cipher, accountId).catch(() => null);
  const before = kept?.['encoding-aes-key'];
  if (before === undefined || before === value) return;
  const name = 'encoding-aes-key-previous';
  await client.query(
    `insert into channel_secrets (account_id, name, office_id, sealed)
     select id, $2, office_id, $3 from channel_accounts where id = $1
     on conflict (account_id, name) do update set sealed = excluded.sealed, set_at = now()`,
    [accountId, name, cipher.seal(before, contextOf(accountId, name))],
  );
}

/**
 * Takes an account's secrets away, with an entry in the log where there were some: they were set for another destination.
 * @param client of the transaction that changes the account
 * @returns whether there were any
 */
export async function dropChannelSecrets(
  client: PoolClient,
  actor: Actor,
  { id, officeId }: { id: number; officeId: number },
): Promise<boolean> {
  const dropped = await client.query<{ name: string }>(
    'delete from channel_secrets where account_id = $1 returning name',
    [id],
  );
  if (dropped.rows.length === 0) return false;
  const before = { names: dropped.rows.map(({ name }) => name) };
  await appendAudit(client, {
    ...{ ...actor, officeId, action: 'channel-secret-drop', subject: `channel:${id}` },
    before,
  });
  return true;
}

/** Notes when the platform says that a secret ends. Whoever was warned of an earlier end is warned of this one too. */
export async function noteChannelSecretEnd(
  db: Queryable,
  accountId: number,
  name: string,
  endsAt: Date,
): Promise<void> {
  await db.query(
    `update channel_secrets set ends_at = $3,
       warned_at = case when ends_at is not null and abs(extract(epoch from ends_at - $3)) < 86400 then warned_at end
     where account_id = $1 and name = $2`,
    [accountId, name, endsAt],
  );
}
