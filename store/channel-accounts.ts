import type { Cipher } from '../config/cipher.ts';
import { Refused } from '../config/errors.ts';
import {
  accountKey,
  channelDestination,
  channelSettings,
  externalIds,
  type ChannelSettings,
} from '../config/channels.ts';
import type { Channel } from '../config/release-types.ts';
import type { Account } from './accounts.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { channelSecrets, dropChannelSecrets } from './channel-secrets.ts';
import { clearStop, wakeDeliveries, type StoppedWhy } from './channel-stops.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

const words = messages.channels;

/** One item of the guided check. `ok` null: it cannot be told from here. */
export type Finding = { item: string; ok: boolean | null; text: string };

type Common = {
  id: number;
  officeId: number;
  name: string;
  /** UID at Weibo (empty before the first authorisation), AppID at WeChat, empty for the website. */
  externalId: string;
  enabled: boolean;
  /** Nothing leaves the hub. */
  dryRun: boolean;
  checkedAt: Date | null;
  findings: Finding[] | null;
  stoppedWhy: StoppedWhy | null;
  stoppedDetail: string | null;
  stoppedAt: Date | null;
  madeAt: Date;
  archivedAt: Date | null;
};
export type ChannelAccountOf<C extends Channel> = Common & { channel: C; settings: ChannelSettings[C] };
/** An account of an office at a channel, without what opens it. */
export type ChannelAccount = { [C in Channel]: ChannelAccountOf<C> }[Channel];

const COLUMNS = `id, office_id as "officeId", channel, name, external_id as "externalId", settings, enabled,
  dry_run as "dryRun", checked_at as "checkedAt", findings, stopped_why as "stoppedWhy",
  stopped_detail as "stoppedDetail", stopped_at as "stoppedAt", made_at as "madeAt", archived_at as "archivedAt"`;

/** Settings stand as they were entered: what they do not name is as the channel has it by default. */
function accountOf(row: Common & { channel: Channel; settings: unknown }): ChannelAccount {
  const settings = channelSettings[row.channel].parse(row.settings);
  return { ...row, settings } as ChannelAccount;
}

/** The name under which the account's calls are counted, its token and marks are kept; the crawler's sources share them. */
export function keptAs({ officeId, channel, externalId }: ChannelAccount): Account {
  return { officeId, account: accountKey(channel, externalId) };
}

/** The accounts of the scope, those in use first. */
export async function channelAccounts(
  db: Queryable,
  { officeId = null, archived = false }: { officeId?: number | null; archived?: boolean } = {},
): Promise<ChannelAccount[]> {
  const found = await db.query<Common & { channel: Channel; settings: unknown }>(
    `select ${COLUMNS} from channel_accounts
     where ($1::int is null or office_id = $1) and (archived_at is null or $2)
     order by archived_at is not null, office_id, array_position(array['website', 'weibo', 'wechat'], channel), name, id`,
    [officeId, archived],
  );
  return found.rows.map(accountOf);
}

export async function channelAccount(db: Queryable, id: number): Promise<ChannelAccount | null> {
  const found = await db.query<Common & { channel: Channel; settings: unknown }>(
    `select ${COLUMNS} from channel_accounts where id = $1`,
    [id],
  );
  return found.rows[0] ? accountOf(found.rows[0]) : null;
}

/**
 * An account with what opens it, as a channel's adapter uses it.
 * @returns null when there is none in the scope
 * @throws OldKeyNeeded, SealBroken
 */
export async function openChannelAccount(
  db: Queryable,
  cipher: Cipher,
  id: number,
): Promise<(ChannelAccount & { secrets: Readonly<Record<string, string>> }) | null> {
  const account = await channelAccount(db, id);
  return account && { ...account, secrets: await channelSecrets(db, cipher, id) };
}

/**
 * The website's account of an office; made with the first release that goes there.
 * @param client of the transaction that needs it
 */
export async function websiteAccount(client: Queryable, officeId: number): Promise<number> {
  await client.query(
    `insert into channel_accounts (office_id, channel, name, external_id) values ($1, 'website', $2, '')
     on conflict (office_id, channel, external_id) where archived_at is null do nothing`,
    [officeId, words.website],
  );
  const found = await client.query<{ id: number }>(
    `select id from channel_accounts where office_id = $1 and channel = 'website' and archived_at is null`,
    [officeId],
  );
  return (found.rows[0] as { id: number }).id;
}

/** What a person says of an account. `settings` as `channelSettings` takes them. */
export type ChannelDetails = {
  [C in Channel]: {
    channel: C;
    name: string;
    externalId: string;
    settings: ChannelSettings[C];
    dryRun: boolean;
  };
}[Channel];

/**
 * Adds an account to the actor's office.
 * @throws Refused `channel-exists` when the office has it already; ZodError for details that do not hold
 */
export async function addChannelAccount(
  store: Store,
  actor: Actor,
  details: ChannelDetails,
): Promise<number> {
  const { channel, name, dryRun } = details;
  const externalId = externalIds[channel].parse(details.externalId);
  const settings = channelSettings[channel].parse(details.settings);
  return refusingTwice(() =>
    transaction(store, async (client) => {
      const made = await client.query<{ id: number }>(
        `insert into channel_accounts (office_id, channel, name, external_id, settings, dry_run, made_by)
         values ($1, $2, $3, $4, $5, $6, $7) returning id`,
        [
          ...[actor.officeId, channel, name, externalId, JSON.stringify(settings), dryRun],
          actor.role === 'hub' ? null : actor.id,
        ],
      );
      const { id } = made.rows[0] as { id: number };
      await appendAudit(client, {
        ...{ ...actor, action: 'channel-add', subject: `channel:${id}` },
        after: { channel, name, externalId, dryRun, settings: JSON.stringify(settings) },
      });
      return id;
    }),
  );
}

/**
 * Changes name, settings and whether anything leaves the hub. Whoever names another endpoint has to enter the secrets anew:
 * nobody is to learn one by naming a server of their own.
 * @throws Refused `channel-gone`; ZodError
 */
export async function changeChannelAccount(
  store: Store,
  actor: Actor,
  id: number,
  change: { name: string; settings: unknown; dryRun: boolean },
): Promise<{ secretsDropped: boolean }> {
  return transaction(store, async (client) => {
    const before = await hold(client, id);
    const settings = channelSettings[before.channel].parse(change.settings);
    await client.query(`update channel_accounts set name = $2, settings = $3, dry_run = $4 where id = $1`, [
      id,
      change.name,
      JSON.stringify(settings),
      change.dryRun,
    ]);
    const moved =
      channelDestination(before.channel, before.settings) !== channelDestination(before.channel, settings);
    await appendAudit(client, {
      ...{ ...actor, officeId: before.officeId, action: 'channel-change', subject: `channel:${id}` },
      before: { name: before.name, dryRun: before.dryRun, settings: JSON.stringify(before.settings) },
      after: { name: change.name, dryRun: change.dryRun, settings: JSON.stringify(settings) },
    });
    const dropped = moved && (await dropChannelSecrets(client, actor, before));
    return { secretsDropped: dropped };
  });
}

/** Whether releases may go there at all: a person's own switch, besides what stops an account by itself. */
export async function enableChannelAccount(
  store: Store,
  actor: Actor,
  id: number,
  enabled: boolean,
): Promise<void> {
  await transaction(store, async (client) => {
    const before = await hold(client, id);
    if (before.enabled === enabled) return;
    await client.query('update channel_accounts set enabled = $2 where id = $1', [id, enabled]);
    if (enabled) await wakeDeliveries(client, id);
    await appendAudit(client, {
      ...{ ...actor, officeId: before.officeId, subject: `channel:${id}` },
      action: enabled ? 'channel-enable' : 'channel-disable',
    });
  });
}

/**
 * Puts an account away. Its deliveries and what stands on the platform stay; nothing new goes there.
 * @throws Refused `channel-gone`; `channel-busy` while something waits for it or is on its way
 */
export async function archiveChannelAccount(store: Store, actor: Actor, id: number): Promise<void> {
  await transaction(store, async (client) => {
    const { officeId, archivedAt } = await hold(client, id, 'any');
    if (archivedAt !== null) return;
    const busy = await client.query(
      `select 1 from deliveries where account_id = $1 and state in ('waiting', 'sending', 'unknown', 'processing') limit 1`,
      [id],
    );
    if (busy.rowCount !== 0) throw new Refused('channel-busy', words.busy);
    await client.query('update channel_accounts set archived_at = now() where id = $1', [id]);
    await appendAudit(client, { ...actor, officeId, action: 'channel-archive', subject: `channel:${id}` });
  });
}

/** Takes an account out again. @throws Refused `channel-gone`; `channel-exists` when it was added anew meanwhile */
export async function restoreChannelAccount(store: Store, actor: Actor, id: number): Promise<void> {
  await refusingTwice(() =>
    transaction(store, async (client) => {
      const { officeId, archivedAt } = await hold(client, id, 'any');
      if (archivedAt === null) return;
      await client.query('update channel_accounts set archived_at = null where id = $1', [id]);
      await appendAudit(client, { ...actor, officeId, action: 'channel-restore', subject: `channel:${id}` });
    }),
  );
}

/** Somebody has seen to it: what waits for the account is tried at once. @returns false when it was not stopped */
export async function resumeChannelAccount(store: Store, actor: Actor, id: number): Promise<boolean> {
  return transaction(store, async (client) => {
    const { officeId, stoppedWhy } = await hold(client, id);
    if (stoppedWhy === null) return false;
    await clearStop(client, id);
    await appendAudit(client, {
      ...{ ...actor, officeId, action: 'channel-resume', subject: `channel:${id}` },
      before: { why: stoppedWhy },
    });
    return true;
  });
}

/** Notes what the guided check found. */
export async function noteChannelCheck(
  store: Store,
  actor: Actor,
  id: number,
  findings: readonly Finding[],
): Promise<void> {
  await transaction(store, async (client) => {
    const { officeId } = await hold(client, id);
    await client.query('update channel_accounts set checked_at = now(), findings = $2 where id = $1', [
      ...[id, JSON.stringify(findings)],
    ]);
    const wrong = findings.filter(({ ok }) => ok === false).map(({ item }) => item);
    await appendAudit(client, {
      ...{ ...actor, officeId, action: 'channel-check', subject: `channel:${id}` },
      after: { items: findings.length, wrong },
    });
  });
}

/**
 * Says whose account was authorised. The first time it becomes this account's name at the platform; later it has to be the
 * same one: what was published stands under that one.
 * @param client of the transaction that keeps the token
 * @throws Refused `channel-other-account`, `channel-exists`
 */
export async function nameChannelAccount(client: Queryable, id: number, externalId: string): Promise<void> {
  const account = await hold(client, id);
  if (account.externalId === externalId) return;
  if (account.externalId !== '') throw new Refused('channel-other-account', words.otherAccount);
  await refusingTwice(() =>
    client.query('update channel_accounts set external_id = $2 where id = $1', [id, externalId]),
  );
}

/** Locks an account for the rest of the transaction. @throws Refused `channel-gone` */
async function hold(
  client: Queryable,
  id: number,
  which: 'in-use' | 'any' = 'in-use',
): Promise<ChannelAccount> {
  const found = await client.query<Common & { channel: Channel; settings: unknown }>(
    `select ${COLUMNS} from channel_accounts where id = $1 and ($2 or archived_at is null) for update`,
    [id, which === 'any'],
  );
  if (!found.rows[0]) throw new Refused('channel-gone', words.gone);
  return accountOf(found.rows[0]);
}

async function refusingTwice<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if ((thrown as { code?: unknown }).code !== '23505') throw thrown;
    throw new Refused('channel-exists', words.exists, { cause: thrown });
  }
}
