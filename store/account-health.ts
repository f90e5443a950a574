import { accountKey } from '../config/channels.ts';
import { ENDS_IN_DAYS, FRESHNESS } from '../config/account-health.ts';
import type { Channel } from '../config/release-types.ts';
import { setAccountMark } from './accounts.ts';
import { requestNotice } from './notice-requests.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

/** How regularly an account was published to through the hub. */
export type AccountHealth = {
  accountId: number;
  /** Anything that was published there, also what has been withdrawn since; null: nothing yet. */
  lastPublishedAt: Date | null;
  /** Of the last 30 days. */
  published: number;
  /** The longest time without anything new within the last 90 days, up to now, in whole days; null: nothing came in them. */
  longestGapDays: number | null;
};

export async function accountHealth(
  db: Queryable,
  accountIds: readonly number[],
  now: Date,
): Promise<Map<number, AccountHealth>> {
  const found = await db.query<AccountHealth>(
    `with own as (
       select account_id, published_at as at from deliveries
       where account_id = any ($1) and published_at <= $2
     ), recent as (
       select account_id, at, lead(at, 1, $2) over (partition by account_id order by at) - at as gap from own
       where at > $2::timestamptz - interval '90 days'
     )
     select own.account_id as "accountId", max(own.at) as "lastPublishedAt",
       (count(*) filter (where own.at > $2::timestamptz - interval '30 days'))::int as published,
       (select floor(extract(epoch from max(gap)) / 86400)::int from recent r where r.account_id = own.account_id)
         as "longestGapDays"
     from own group by own.account_id`,
    [accountIds, now],
  );
  const known = new Map(found.rows.map((row) => [row.accountId, row]));
  return new Map(
    accountIds.map((accountId) => {
      const none = { accountId, lastPublishedAt: null, published: 0, longestGapDays: null };
      return [accountId, known.get(accountId) ?? none];
    }),
  );
}

/** What is said of an account when people are told. */
export type AccountWords = {
  silent: (channel: Channel, name: string, days: number) => string;
  ends: (name: string, days: number) => string;
};

/** Name of the mark that says what was told of an account's silence. */
const SILENT = 'silence-told';

/**
 * Tells each office of its accounts to which nothing new has come for ten and for fourteen days, once for each step of a
 * silence. An account to which nothing was ever published is nobody's neglect.
 * @returns how many were told of
 */
export async function tellSilence(store: Store, words: AccountWords, now: Date): Promise<number> {
  const found = await store.query<Row & { last: Date; days: number }>(
    `select a.id, a.office_id as "officeId", a.channel, a.name, a.external_id as "externalId", p.last,
       floor(extract(epoch from $1::timestamptz - p.last) / 86400)::int as days
     from channel_accounts a
     join lateral (select max(published_at) as last from deliveries d where d.account_id = a.id) p on p.last is not null
     where a.archived_at is null and a.enabled and not a.dry_run and p.last <= $1::timestamptz - make_interval(days => $2)`,
    [now, FRESHNESS.warnDays],
  );
  let told = 0;
  for (const { days, last, ...account } of found.rows) {
    const { id, officeId, channel, name, externalId } = account;
    const step = days >= FRESHNESS.lateDays ? FRESHNESS.lateDays : FRESHNESS.warnDays;
    const value = `${last.toISOString()} ${step}`;
    await transaction(store, async (client) => {
      // Whoever else looks at the same moment waits here, and finds it told.
      await client.query('select 1 from channel_accounts where id = $1 for no key update', [id]);
      const key = { officeId, account: accountKey(channel, externalId) };
      const known = await client.query(
        'select 1 from account_marks where office_id = $1 and account = $2 and name = $3 and value = to_jsonb($4::text)',
        [key.officeId, key.account, SILENT, value],
      );
      if (known.rowCount !== 0) return;
      await setAccountMark(client, key, SILENT, value);
      await requestNotice(client, {
        ...{ officeId, kind: 'account-silent', warningId: null, subject: `channel:${id}`, title: name },
        level: step === FRESHNESS.lateDays ? 'orange' : 'yellow',
        ...{ text: words.silent(channel, name, days), path: '/channels/health' },
      });
      told += 1;
    });
  }
  return told;
}

/**
 * Tells each office of its authorisations that end in seven, three, one days: once for each step that is reached, also when
 * the hub was not running on the day.
 * @returns how many were told of
 */
export async function tellEnds(store: Store, words: AccountWords, now: Date): Promise<number> {
  return transaction(store, async (client) => {
    const found = await client.query<Row & { endsAt: Date }>(
      `with due as (
         select s.account_id, s.name, s.ends_at, (
           select min(step) from unnest($2::int[]) as steps (step)
           where s.ends_at <= $1::timestamptz + make_interval(days => step)) as step
         from channel_secrets s join channel_accounts a on a.id = s.account_id
         where a.archived_at is null and a.enabled and s.ends_at > $1
       ), told as (
         update channel_secrets s set warned_at = $1 from due
         where s.account_id = due.account_id and s.name = due.name and due.step is not null
           and (s.warned_at is null or s.warned_at < due.ends_at - make_interval(days => due.step))
         returning s.account_id, s.ends_at
       )
       select a.id, a.office_id as "officeId", a.channel, a.name, a.external_id as "externalId", told.ends_at as "endsAt"
       from told join channel_accounts a on a.id = told.account_id`,
      [now, ENDS_IN_DAYS],
    );
    for (const { id, officeId, name, endsAt } of found.rows) {
      const days = Math.floor((endsAt.getTime() - now.getTime()) / 86_400_000);
      await requestNotice(client, {
        ...{ officeId, kind: 'account-ends', warningId: null, subject: `channel:${id}`, title: name },
        level: days < 1 ? 'orange' : 'yellow',
        ...{ text: words.ends(name, days), path: `/channels/${id}` },
      });
    }
    return found.rows.length;
  });
}

type Row = { id: number; officeId: number; channel: Channel; name: string; externalId: string };
