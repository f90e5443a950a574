import { accountKey } from '../config/channels.ts';
import type { ChannelAccount } from './channel-accounts.ts';
import type { ChannelSecretState } from './channel-secrets.ts';
import type { Queryable } from './pool.ts';

/** What is shown of an account besides what it is set to; never the value of a secret. */
export type ChannelOverview = {
  secrets: ChannelSecretState[];
  /** Calls of today (Asia/Shanghai) by path; '' is all of them, the crawler's too. */
  calls: Map<string, { calls: number; usedUp: boolean }>;
  /** What stands there now or stood there. */
  lastPublishedAt: Date | null;
  /** Releases that wait for it or are on their way. */
  waiting: number;
  /** The source that reads what people write there; null: there is none. */
  source: { id: number; name: string } | null;
};

/** An overview of each account, by id, in four statements for all of them. */
export async function channelOverviews(
  db: Queryable,
  accounts: readonly ChannelAccount[],
): Promise<Map<number, ChannelOverview>> {
  const ids = accounts.map(({ id }) => id);
  const keys = accounts.map(({ channel, externalId }) => accountKey(channel, externalId));
  const [secrets, calls, deliveries, sources] = await Promise.all([
    db.query<ChannelSecretState & { accountId: number }>(
      `select account_id as "accountId", name, set_at as "setAt", ends_at as "endsAt" from channel_secrets
       where account_id = any ($1) order by name`,
      [ids],
    ),
    db.query<{ officeId: number; account: string; path: string; calls: number; usedUp: boolean }>(
      `select office_id as "officeId", account, path, calls, used_up as "usedUp" from account_calls
       where account = any ($1) and day = (now() at time zone 'Asia/Shanghai')::date`,
      [keys],
    ),
    db.query<{ accountId: number; last: Date | null; waiting: number }>(
      `select account_id as "accountId", max(published_at) as last,
         (count(*) filter (where state in ('waiting', 'sending', 'unknown', 'processing')))::int as waiting
       from deliveries where account_id = any ($1) group by account_id`,
      [ids],
    ),
    db.query<{ id: number; name: string; officeId: number; account: string }>(
      `select id, name, office_id as "officeId",
         kind || ':' || coalesce(settings ->> 'uid', settings ->> 'appId') as account
       from sources where kind in ('weibo', 'wechat') and enabled
         and kind || ':' || coalesce(settings ->> 'uid', settings ->> 'appId') = any ($1) order by id desc`,
      [keys],
    ),
  ]);
  return new Map(
    accounts.map(({ id, officeId, channel, externalId }) => {
      const key = accountKey(channel, externalId);
      const own = (row: { officeId: number; account: string }) => {
        return row.officeId === officeId && row.account === key;
      };
      const delivered = deliveries.rows.find(({ accountId }) => accountId === id);
      const source = sources.rows.find(own);
      const overview: ChannelOverview = {
        secrets: secrets.rows
          .filter(({ accountId }) => accountId === id)
          .map(({ name, setAt, endsAt }) => ({ name, setAt, endsAt })),
        calls: new Map(
          calls.rows.filter(own).map(({ path, calls: made, usedUp }) => [path, { calls: made, usedUp }]),
        ),
        lastPublishedAt: delivered?.last ?? null,
        waiting: delivered?.waiting ?? 0,
        source: source ? { id: source.id, name: source.name } : null,
      };
      return [id, overview];
    }),
  );
}
