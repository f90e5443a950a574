import type { Pool } from '../../../store/pool.ts';
import type { Platforms, Published } from './platforms.ts';
import { tokenOf } from './world.ts';

/** What was wanted, what the hub says of it, and what is really there. */
export type Verdict = {
  deliveries: number;
  /** Published more often than once. */
  duplicates: number;
  /** Neither shown nor ended in a state that says so. */
  lost: number;
  /** Neither ended nor before a person. */
  stuck: number;
  /** Shown, and the hub says that it is not: somebody would publish it again. */
  denied: number;
  /** State → how many. */
  states: Record<string, number>;
};

type Row = { id: number; channel: string; account: string; title: string; state: string; asked: boolean };

export async function judge(owner: Pool, platforms: Platforms): Promise<Verdict> {
  const { rows } = await owner.query<Row>(
    `select d.id, d.channel, a.external_id as account, d.content->>'title' as title, d.state, d.person_asked_at is not null as asked
     from deliveries d join channel_accounts a on a.id = d.account_id order by d.id`,
  );
  const shown = await whatIsShown(owner, platforms);
  const verdict: Verdict = {
    deliveries: rows.length,
    duplicates: 0,
    lost: 0,
    stuck: 0,
    denied: 0,
    states: {},
  };
  for (const { id, channel, account, title, state, asked } of rows) {
    const key = channel === 'website' ? `website ${id}` : `${account} ${tokenOf(title)}`;
    const times = shown.get(key) ?? 0;
    const name = `${channel} ${state}${asked ? ', a person is asked' : ''}`;
    verdict.states[name] = (verdict.states[name] ?? 0) + 1;
    verdict.duplicates += Math.max(0, times - 1);
    const open = ['waiting', 'sending', 'processing', 'unknown'].includes(state);
    if (state === 'published' && times === 0) verdict.lost += 1;
    if (open && !(state === 'unknown' && asked)) verdict.stuck += 1;
    if (['missed', 'failed', 'refused', 'cancelled'].includes(state) && times > 0) verdict.denied += 1;
  }
  return verdict;
}

async function whatIsShown(owner: Pool, platforms: Platforms): Promise<Map<string, number>> {
  const shown = new Map<string, number>();
  const add = (key: string, times: number) => shown.set(key, (shown.get(key) ?? 0) + times);
  const pages = await owner.query<{ id: number }>(
    'select delivery_id as id from site_articles where withdrawn_at is null',
  );
  for (const { id } of pages.rows) add(`website ${id}`, 1);
  for (const platform of ['wechat', 'weibo'] as const) {
    for (const { account, said, times } of await platforms.get<Published[]>(platform, 'truth')) {
      add(`${account} ${tokenOf(said)}`, times);
    }
  }
  return shown;
}

/** Of first tries of what goes out: seconds after its time. */
export async function firstTryLateness(owner: Pool): Promise<{ channel: string; seconds: number[] }[]> {
  const { rows } = await owner.query<{ channel: string; seconds: number[] }>(
    `select channel, array_agg(seconds order by seconds)::float8[] as seconds from (
       select d.channel, extract(epoch from min(a.started_at) - d.due_at) as seconds
       from deliveries d left join delivery_attempts a on a.delivery_id = d.id and a.kind = 'publish' group by d.id) first
     group by channel order by channel`,
  );
  return rows;
}
