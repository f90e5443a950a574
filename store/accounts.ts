import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { OldKeyNeeded, SealBroken, type Cipher } from '../config/cipher.ts';
import type { WechatSource } from '../config/sources.ts';
import type { Queryable } from './pool.ts';

/** An account of an office at a platform: `weibo:⟨uid⟩`, `wechat:⟨appid⟩`. */
export type Account = { officeId: number; account: string };

/** @param id `⟨office⟩/⟨account⟩` */
export const accountTokenContext = (id: string): string => `account-token:${id}`;

const contextOf = ({ officeId, account }: Account) => accountTokenContext(`${officeId}/${account}`);

/** The calls of all paths together. */
const ALL = '';

/**
 * Counts a call of the day, if it may still be made: one statement, so that any number of processes stay within the limits.
 * A call that one limit refuses may be counted at the other; that errs on the side of fewer calls.
 * @returns false when a limit is reached, or the platform has said so
 */
export async function spendCall(
  db: Queryable,
  { officeId, account }: Account,
  path: string,
  most: { day: number; path?: number },
): Promise<boolean> {
  const spent = await db.query(
    `with by_path as (
       insert into account_calls as c (office_id, account, day, path, calls)
       select $1, $2, ${TODAY}, $3, 1 where $4 > 0
       on conflict (office_id, account, day, path) do update set calls = c.calls + 1
         where not c.used_up and c.calls < $4
       returning 1
     )
     insert into account_calls as c (office_id, account, day, path, calls)
     select $1, $2, ${TODAY}, '${ALL}', 1 from by_path where $5 > 0
     on conflict (office_id, account, day, path) do update set calls = c.calls + 1
       where not c.used_up and c.calls < $5
     returning 1`,
    [officeId, account, path, most.path ?? most.day, most.day],
  );
  return spent.rowCount === 1;
}

const TODAY = `(now() at time zone 'Asia/Shanghai')::date`;

/** The platform says that today's calls of a path are used up; without one, those of the account. */
export async function noteUsedUp(db: Queryable, { officeId, account }: Account, path = ALL): Promise<void> {
  await db.query(
    `insert into account_calls (office_id, account, day, path, used_up) values ($1, $2, ${TODAY}, $3, true)
     on conflict (office_id, account, day, path) do update set used_up = true`,
    [officeId, account, path],
  );
  await db.query(`delete from account_calls where office_id = $1 and account = $2 and day < ${TODAY} - 30`, [
    officeId,
    account,
  ]);
}

/** How many calls of the account were made today. */
export async function callsToday(db: Queryable, { officeId, account }: Account): Promise<number> {
  const found = await db.query<{ calls: number }>(
    `select calls from account_calls where office_id = $1 and account = $2 and day = ${TODAY} and path = '${ALL}'`,
    [officeId, account],
  );
  return found.rows[0]?.calls ?? 0;
}

/** @returns null when there is none that is good for some minutes yet, or none that can be opened: another one is lent then */
export async function accountToken(db: Queryable, cipher: Cipher, account: Account): Promise<string | null> {
  const found = await db.query<{ sealed: string }>(
    'select sealed from account_tokens where office_id = $1 and account = $2 and ends_at > now()',
    [account.officeId, account.account],
  );
  const sealed = found.rows[0]?.sealed;
  if (sealed === undefined) return null;
  try {
    return cipher.open(sealed, contextOf(account)).toString();
  } catch (error) {
    if (error instanceof OldKeyNeeded || error instanceof SealBroken) return null;
    throw error;
  }
}

export async function keepAccountToken(
  db: Queryable,
  cipher: Cipher,
  account: Account,
  token: string,
  endsAt: Date,
): Promise<void> {
  await db.query(
    `insert into account_tokens (office_id, account, sealed, ends_at) values ($1, $2, $3, $4)
     on conflict (office_id, account) do update set sealed = excluded.sealed, ends_at = excluded.ends_at`,
    [account.officeId, account.account, cipher.seal(token, contextOf(account)), endsAt],
  );
}

/** A token is given back to the platform this long before it ends: the next one is good by then, and this one still. */
export const TOKEN_MARGIN_SECONDS = 300;

/** Asks a platform for a token. `seconds`: for which it is good. */
export type LendToken = () => Promise<{ token: string; seconds: number }>;

/** Whoever has begun to ask and says nothing for so long was killed. */
const LEASE_SECONDS = 30;
const LOOK_AGAIN_MS = 100;
/** Name of the mark that says who asks the platform now. */
const LEASE = 'token-lending';

/** Of those in this process who need a token at once, the second waits for the first. */
const lending = new WeakMap<Cipher, Map<string, Promise<string>>>();

/**
 * The token that the platform lends: the kept one while it is good for five more minutes, else a new one. Of all who need one
 * at once, in any process, one asks the platform and the others wait for what it is told. Whoever asks holds no connection
 * meanwhile: a pool that is small would stand still when the tokens of many accounts end together.
 * @param rejected one that the platform has just refused
 * @throws what `lend` throws
 */
export async function lendToken(
  db: Queryable,
  cipher: Cipher,
  account: Account,
  lend: LendToken,
  rejected?: string,
): Promise<string> {
  const kept = await accountToken(db, cipher, account);
  if (kept !== null && kept !== rejected) return kept;
  const here = lending.get(cipher) ?? new Map<string, Promise<string>>();
  lending.set(cipher, here);
  const key = `${account.officeId}/${account.account}`;
  const under = here.get(key);
  if (under) {
    const token = await under;
    if (token !== rejected) return token;
  }
  const asking = lendAlone(db, cipher, account, lend, rejected).finally(() => {
    if (here.get(key) === asking) here.delete(key);
  });
  here.set(key, asking);
  return asking;
}

async function lendAlone(
  db: Queryable,
  cipher: Cipher,
  account: Account,
  lend: LendToken,
  rejected?: string,
): Promise<string> {
  const holder = randomUUID();
  while (!(await takeLease(db, account, holder))) {
    await sleep(LOOK_AGAIN_MS);
    const kept = await accountToken(db, cipher, account);
    if (kept !== null && kept !== rejected) return kept;
  }
  try {
    // Between the look before and the lease, somebody else may have been told one.
    const kept = await accountToken(db, cipher, account);
    if (kept !== null && kept !== rejected) return kept;
    const { token, seconds } = await lend();
    const endsAt = new Date(Date.now() + (seconds - TOKEN_MARGIN_SECONDS) * 1000);
    await keepAccountToken(db, cipher, account, token, endsAt);
    return token;
  } finally {
    await db.query(
      'delete from account_marks where office_id = $1 and account = $2 and name = $3 and value = to_jsonb($4::text)',
      [account.officeId, account.account, LEASE, holder],
    );
  }
}

async function takeLease(db: Queryable, { officeId, account }: Account, holder: string): Promise<boolean> {
  const taken = await db.query(
    `insert into account_marks as m (office_id, account, name, value) values ($1, $2, $3, to_jsonb($4::text))
     on conflict (office_id, account, name) do update set value = excluded.value, marked_at = now()
       where m.marked_at < now() - make_interval(secs => $5)`,
    [officeId, account, LEASE, holder, LEASE_SECONDS],
  );
  return taken.rowCount === 1;
}

/**
 * What is remembered of the account, by name.
 * @param beginning only names that begin so
 */
export async function accountMarks(
  db: Queryable,
  { officeId, account }: Account,
  beginning = '',
): Promise<Map<string, unknown>> {
  const found = await db.query<{ name: string; value: unknown }>(
    'select name, value from account_marks where office_id = $1 and account = $2 and starts_with(name, $3)',
    [officeId, account, beginning],
  );
  return new Map(found.rows.map(({ name, value }) => [name, value]));
}

/** @param value anything that JSON holds; null forgets the mark */
export async function setAccountMark(
  db: Queryable,
  { officeId, account }: Account,
  name: string,
  value: unknown,
): Promise<void> {
  if (value === null) {
    const where = 'office_id = $1 and account = $2 and name = $3';
    await db.query(`delete from account_marks where ${where}`, [officeId, account, name]);
    return;
  }
  await db.query(
    `insert into account_marks (office_id, account, name, value) values ($1, $2, $3, $4)
     on conflict (office_id, account, name) do update set value = excluded.value, marked_at = now()`,
    [officeId, account, name, JSON.stringify(value)],
  );
}

/** A WeChat account that takes messages. */
export type PushedSource = {
  id: number;
  officeId: number;
  outlet: string;
  settings: WechatSource['settings'];
  /** A person has stopped it: what comes is not taken. */
  stopped: boolean;
};

/** @returns null when there is no such source, or it takes no messages */
export async function pushedSource(db: Queryable, id: number): Promise<PushedSource | null> {
  const found = await db.query<PushedSource>(
    `select id, office_id as "officeId", coalesce(outlet, name) as outlet, settings, stopped_at is not null as stopped
     from sources where id = $1 and kind = 'wechat' and enabled and settings ->> 'messages' in ('plain', 'aes')`,
    [id],
  );
  return found.rows[0] ?? null;
}

/** The source that takes what is written to an account of the office. @returns null when there is none */
export async function pushedSourceOf(
  db: Queryable,
  officeId: number,
  appId: string,
): Promise<PushedSource | null> {
  const found = await db.query<PushedSource>(
    `select id, office_id as "officeId", coalesce(outlet, name) as outlet, settings, stopped_at is not null as stopped
     from sources where office_id = $1 and kind = 'wechat' and enabled and settings ->> 'appId' = $2
       and settings ->> 'messages' in ('plain', 'aes') order by id limit 1`,
    [officeId, appId],
  );
  return found.rows[0] ?? null;
}
