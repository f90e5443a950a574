import { contentOf } from '../../config/release-content.ts';
import type { ChannelAdapter } from '../../publisher/channels/contract.ts';
import { documentOfText } from '../../publisher/releases/plain.ts';
import type { Actor } from '../../store/actor.ts';
import { attemptsOf } from '../../store/delivery-attempts.ts';
import { deliveryById } from '../../store/deliveries.ts';
import { scheduleRelease } from '../../store/delivery-schedule.ts';
import type { Store } from '../../store/pool.ts';
import { releaseById } from '../../store/releases.ts';
import { scoped } from '../../store/scope.ts';
import { FakePlatform, testAccount, testWorker, type TestWorker } from './deliveries.ts';
import { approvedRelease } from './releases.ts';
import { startStaff, type Staff } from './staff.ts';

const MINUTE = 60_000;

/** A release on its way to the website and to another account. */
export type Sent = { release: number; site: number; other: number; title: string; text: string };

/** An office that publishes on the real database, at platforms that are made up, in a time that stands still. */
export class DeliveryDesk {
  readonly staff: Staff;
  readonly db: Store;
  readonly actor: Actor;
  clock = Date.now();
  platform: FakePlatform;
  worker: TestWorker;
  weibo = 0;
  #made = 0;

  static async start(): Promise<DeliveryDesk> {
    const staff = await startStaff();
    const id = await staff.person('city', 'press-officer');
    return new DeliveryDesk(staff, id);
  }

  private constructor(staff: Staff, id: string) {
    this.staff = staff;
    this.actor = { id, officeId: staff.offices.city, role: 'press-officer', address: null };
    this.db = scoped(staff.app, { every: false, offices: [staff.offices.city], shared: [] });
    this.platform = new FakePlatform(this.now);
    this.worker = this.workerWith({});
  }

  /** Before each test: nothing of the one before is due any more. */
  async fresh(): Promise<void> {
    await this.staff.engines.store.query('update deliveries set next_at = null');
    await this.staff.engines.store.query('update withdrawals set next_at = null');
    this.clock = Date.now();
    this.platform = new FakePlatform(this.now);
    this.worker = this.workerWith({});
    this.weibo = await testAccount(this.db, this.actor, 'weibo');
  }

  stop(): Promise<void> {
    return this.staff.stop();
  }

  /** @param change what the platforms' adapters do otherwise */
  workerWith(change: Partial<ChannelAdapter>): TestWorker {
    return testWorker(this.staff.app, this.platform, {
      weibo: this.platform.adapter('weibo', change),
      wechat: this.platform.adapter('wechat', change),
    });
  }

  readonly now = () => new Date(this.clock);

  inMinutes(minutes: number): Date {
    return new Date(this.clock + minutes * MINUTE);
  }

  async schedule(dueAt = this.now(), accountId = this.weibo): Promise<Sent> {
    this.#made += 1;
    const title = `公告第${this.#made}号`;
    const content = contentOf({ title, document: documentOfText('正文') });
    const release = await approvedRelease(this.db, this.actor, content);
    const plan = [
      { accountId: 'website', dueAt },
      { accountId, dueAt },
    ] as const;
    const [site = 0, other = 0] = await scheduleRelease(this.db, this.actor, release, plan, this.now());
    const found = await this.db.query<{ path: string }>(
      `select progress->>'path' as path from deliveries where id = $1`,
      [site],
    );
    const text = `${title} https://desk.example${found.rows[0]?.path}`;
    return { release: release.id, site, other, title, text };
  }

  async stateOf(id: number): Promise<string | undefined> {
    return (await deliveryById(this.db, id))?.state;
  }

  async releaseState(id: number): Promise<string | undefined> {
    return (await releaseById(this.db, id))?.state;
  }

  /** Kinds of what the office is told about a delivery. */
  async noticesOf(id: number): Promise<string[]> {
    const found = await this.staff.engines.store.query<{ kind: string }>(
      'select kind from notice_requests where subject = $1 order by id',
      [`delivery:${id}`],
    );
    return found.rows.map(({ kind }) => kind);
  }

  /** The ledger: what was tried, and what came of it. */
  async ledger(id: number): Promise<string[]> {
    return (await attemptsOf(this.db, id)).map(({ kind, outcome }) => `${kind} ${outcome}`);
  }
}
