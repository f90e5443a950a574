import { randomUUID } from 'node:crypto';
import type { Channel } from '../../config/release-types.ts';
import type { ChannelAdapter, Outgoing, Tools } from '../../publisher/channels/contract.ts';
import { NoAnswer, NotSent, type PlatformFetch } from '../../publisher/channels/http.ts';
import { website } from '../../publisher/channels/website.ts';
import { deliver } from '../../publisher/deliver.ts';
import { Leases, type Engine } from '../../publisher/deliver-engine.ts';
import { patience } from '../../publisher/deliver-rules.ts';
import { withdraw } from '../../publisher/deliver-withdraw.ts';
import type { Actor } from '../../store/actor.ts';
import { channelAccount } from '../../store/channel-accounts.ts';
import { stopChannelAccount } from '../../store/channel-stops.ts';
import { claimDeliveries } from '../../store/delivery-claims.ts';
import type { Pool, Store } from '../../store/pool.ts';
import { EVERY_OFFICE, scoped } from '../../store/scope.ts';
import { claimWithdrawals } from '../../store/withdrawals.ts';
import { silent } from './engines.ts';

/** What goes wrong at the next call that publishes. */
export type Mishap =
  /** Nothing leaves. */
  | 'refuse'
  /** It leaves, and the connection ends: carried out, or not. */
  | 'drop-after'
  | 'drop-before'
  /** Carried out, and the platform says that it is busy. */
  | 'busy-after'
  /** The platform says so and means it. */
  | 'content'
  | 'quota'
  | 'stopped'
  /** The worker is killed: nothing of the try goes on. */
  | 'killed-before-call'
  | 'killed-after-call';

/** A platform that takes one text in one call, with a ledger of what it really shows. Like Weibo it knows no key of ours. */
export class FakePlatform {
  /** Text → how often it stands there. */
  readonly shown = new Map<string, number>();
  readonly mishaps: Mishap[] = [];
  /** Reads fail so many times more. */
  deaf = 0;
  /** What was published is seen by reads from then on. */
  visibleFrom = 0;
  calls = 0;
  prepared = 0;
  quotaUntil = new Date(0);
  readonly now: () => Date;

  constructor(now: () => Date) {
    this.now = now;
  }

  #killed: () => void = () => {};
  /** The worker is gone: nothing that it was doing goes on. */
  untilKilled(): Promise<string> {
    return new Promise((resolve) => (this.#killed = () => resolve('killed')));
  }

  kill(): Promise<never> {
    this.#killed();
    return new Promise(() => {});
  }

  times(text: string): number {
    return this.shown.get(text) ?? 0;
  }

  readonly fetch: PlatformFetch = async ({ url, body }) => {
    const { pathname } = new URL(url);
    const text = String(body ?? '');
    if (pathname === '/read') {
      if (this.deaf > 0) {
        this.deaf -= 1;
        throw new NoAnswer('ECONNRESET');
      }
      const seen = this.now().getTime() >= this.visibleFrom && this.times(text) > 0;
      return { status: 200, headers: {}, text: seen ? 'yes' : 'no' };
    }
    if (pathname === '/delete') {
      this.shown.delete(text);
      return { status: 200, headers: {}, text: 'ok' };
    }
    this.calls += 1;
    const mishap = this.mishaps.shift();
    if (mishap === 'refuse') throw new NotSent('ECONNREFUSED');
    if (mishap === 'drop-before') throw new NoAnswer('ECONNRESET');
    if (mishap === 'content' || mishap === 'quota' || mishap === 'stopped') {
      return { status: 400, headers: {}, text: mishap };
    }
    this.shown.set(text, this.times(text) + 1);
    if (mishap === 'drop-after') throw new NoAnswer('ECONNRESET');
    if (mishap === 'busy-after') return { status: 200, headers: {}, text: 'busy' };
    if (mishap === 'killed-after-call') return this.kill();
    return { status: 200, headers: {}, text: 'ok' };
  };

  /** @param change what is otherwise than on the plainest platform */
  adapter(channel: Channel, change: Partial<ChannelAdapter> = {}): ChannelAdapter {
    const textOf = (delivery: Outgoing) => `${delivery.content.title} ${delivery.siteAddress ?? ''}`.trim();
    const ask = async (tools: Tools, path: string, delivery: Outgoing) =>
      (await tools.fetch({ method: 'POST', url: `http://platform${path}`, body: textOf(delivery) })).text;
    const address = (delivery: Outgoing) => `https://platform.example/${delivery.id}`;
    return {
      channel,
      oneAtATime: false,
      settleMs: 0,
      prepare: null,
      publish: async (_, delivery, tools) => {
        if (this.mishaps[0] === 'killed-before-call') {
          this.mishaps.shift();
          return this.kill();
        }
        await tools.beginIrreversible('/publish');
        const answer = await ask(tools, '/publish', delivery);
        if (answer === 'busy') return { kind: 'unknown', why: '系统繁忙', code: '-1' };
        if (answer === 'content') return { kind: 'refused', why: '内容不符合规定。', code: '45166' };
        if (answer === 'quota')
          return { kind: 'quota', until: this.quotaUntil, why: '今日次数已用完。', code: '45009' };
        if (answer === 'stopped')
          return { kind: 'stopped', problem: 'reauthorise', why: '授权已到期。', code: '21327' };
        return { kind: 'published', address: address(delivery) };
      },
      reconcile: async (_, delivery, tools) => {
        const seen = (await ask(tools, '/read', delivery)) === 'yes';
        return seen ? { kind: 'arrived', address: address(delivery) } : { kind: 'not-arrived' };
      },
      poll: null,
      withdraw: async (_, delivery, tools) => {
        await ask(tools, '/delete', delivery);
        return { kind: 'done' };
      },
      correction: { way: 'anew' },
      look: () => Promise.resolve(new Map()),
      requests: (_, delivery) =>
        Promise.resolve([
          { method: 'POST', url: 'http://platform/publish', headers: {}, body: textOf(delivery) },
        ]),
      check: () => Promise.resolve([]),
      ...change,
    };
  }
}

/** A worker whose time stands still until it is moved. */
export type TestWorker = {
  engine: Engine;
  /** Takes on everything that is due, until nothing is. @returns what became of each step */
  work(): Promise<string[]>;
  /** The leases of killed workers are over. */
  leasesEnd(): Promise<void>;
};

export function testWorker(
  pool: Pool,
  platform: FakePlatform,
  adapters: Partial<Record<Channel, ChannelAdapter>>,
  change: Partial<Engine> = {},
): TestWorker {
  const engine: Engine = {
    worker: randomUUID(),
    store: scoped(pool, EVERY_OFFICE),
    adapters: { website, ...adapters },
    openAccount: async (db, id) => {
      const kept = await channelAccount(db, id);
      if (!kept) throw new Error(`no account ${id}`);
      const { officeId, channel, externalId, name, settings, dryRun, stoppedWhy } = kept;
      const account = { id, officeId, channel, externalId, name, settings, dryRun, secrets: {} };
      return {
        account,
        unusable: stoppedWhy === null ? null : { problem: stoppedWhy, reason: '账号暂停。' },
      };
    },
    keeper: () => ({
      token: async (lend) => (await lend()).token,
      spend: () => Promise.resolve(true),
      usedUp: () => Promise.resolve(),
      marks: () => Promise.resolve(new Map()),
      mark: () => Promise.resolve(),
      media: () => Promise.resolve(null),
    }),
    stopAccount: stopChannelAccount,
    fetch: platform.fetch,
    address: 'https://desk.example',
    missedAfterMinutes: 60,
    patience,
    now: platform.now,
    log: silent,
    ...change,
  };
  const { leaseSeconds } = engine.patience;
  const free = new Map<Channel, number>([
    ['website', 4],
    ['weibo', 4],
    ['wechat', 4],
  ]);
  async function round(): Promise<string[]> {
    const leases = new Leases(leaseSeconds);
    const claimed = await claimDeliveries(engine.store, engine.worker, free, engine.now(), leaseSeconds);
    for (const { id } of claimed) leases.hold(id);
    const killed = platform.untilKilled();
    const done = await Promise.all(
      claimed.map((delivery) => Promise.race([deliver(engine, leases, delivery), killed])),
    );
    for (const each of await claimWithdrawals(engine.store, engine.now(), leaseSeconds, 10)) {
      done.push(await withdraw(engine, each));
    }
    return done;
  }
  return {
    engine,
    async work() {
      const results: string[] = [];
      for (let rounds = 0; rounds < 50; rounds += 1) {
        const done = await round();
        if (done.length === 0) return results;
        results.push(...done);
      }
      throw new Error(`it never comes to rest: ${results.slice(-5).join(', ')}`);
    },
    async leasesEnd() {
      await engine.store.query(
        'update deliveries set claimed_until = now(), next_at = $1 where claimed_until is not null',
        [engine.now()],
      );
    },
  };
}

/** An account of the actor's office at a platform. @returns its id */
export async function testAccount(
  db: Store,
  actor: Actor,
  channel: 'weibo' | 'wechat',
  { dryRun = false, name = '官方账号' } = {},
): Promise<number> {
  const externalId =
    channel === 'weibo'
      ? String(Math.floor(1e9 + Math.random() * 8e9))
      : `wx${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const settings = channel === 'weibo' ? { appKey: '12345678', boundDomain: 'desk.example' } : {};
  const made = await db.query<{ id: number }>(
    `insert into channel_accounts (office_id, channel, name, external_id, dry_run, settings) values ($1, $2, $3, $4, $5, $6) returning id`,
    [actor.officeId, channel, name, externalId, dryRun, JSON.stringify(settings)],
  );
  return made.rows[0]?.id ?? 0;
}
