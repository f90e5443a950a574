import type { PoolClient } from 'pg';
import { noteAttempt } from '../store/delivery-attempts.ts';
import type { Claim, ClaimedDelivery } from '../store/delivery-claims.ts';
import {
  beginIrreversible,
  keepProgress,
  moveDelivery,
  settleRelease,
  wakeBehindSite,
} from '../store/delivery-moves.ts';
import { tellLive } from '../store/live.ts';
import { transaction, type Store } from '../store/pool.ts';
import type { ChannelAdapter, OpenAccount, Outgoing, Tools } from './channels/contract.ts';
import { NotSent } from './channels/http.ts';
import { Lost, type Engine, type Leases } from './deliver-engine.ts';

/** One delivery in this worker's hands. */
export type Work = {
  engine: Engine;
  leases: Leases;
  store: Store;
  /** As it is now: its state changes with every move. */
  delivery: ClaimedDelivery;
  account: OpenAccount;
  adapter: ChannelAdapter;
  tools: Tools;
  trace: Trace;
};

/** How far a try has come. */
export type Trace = {
  startedAt: Date;
  /** The ledger's row of the irreversible call. */
  attempt: number | null;
  /** `armed`: it was begun, and for certain nothing of it has left. `maybe`: anything may have happened. */
  begun: 'no' | 'armed' | 'maybe';
  /** The hub has published it itself, all in one transaction. */
  together: boolean;
};

/** How long after it was published something is first looked at again. */
const LOOK_AFTER_MS = 600_000;

export const claimOf = ({ engine, delivery }: Pick<Work, 'engine' | 'delivery'>): Claim => ({
  id: delivery.id,
  worker: engine.worker,
});

/** Puts together what one try of a delivery needs. */
export function openWork(
  engine: Engine,
  leases: Leases,
  of: { store: Store; delivery: ClaimedDelivery; account: OpenAccount; adapter: ChannelAdapter },
): Work {
  const { store, account } = of;
  const { id, officeId } = of.delivery;
  const claim: Claim = { id, worker: engine.worker };
  const trace: Trace = { startedAt: engine.now(), attempt: null, begun: 'no', together: false };
  const tools: Tools = {
    ...engine.keeper(store, account),
    store,
    now: engine.now,
    async fetch(asked) {
      leases.check(id);
      const before = trace.begun;
      if (before === 'armed') trace.begun = 'maybe';
      try {
        return await engine.fetch(asked);
      } catch (error) {
        if (before === 'armed' && error instanceof NotSent) trace.begun = 'armed';
        throw error;
      }
    },
    async keep(progress) {
      if (!(await keepProgress(store, claim, progress))) throw new Lost();
      const { delivery } = work;
      work.delivery = { ...delivery, progress: { ...delivery.progress, ...progress } };
    },
    async beginIrreversible(call) {
      leases.check(id);
      const since = performance.now();
      const { leaseSeconds } = engine.patience;
      trace.attempt = await beginIrreversible(store, claim, call, engine.now(), leaseSeconds);
      if (trace.attempt === null) throw new Lost();
      leases.hold(id, since);
      trace.begun = 'armed';
    },
    async together(page) {
      const outcome = await transaction(store, async (client) => {
        const startedAt = engine.now();
        const { address } = await page(client);
        if (!(await markPublished(client, work, { address }, startedAt))) throw new Lost();
        const done = { outcome: 'published', kind: 'publish', startedAt, finishedAt: engine.now() } as const;
        await noteAttempt(client, { officeId, id }, done);
        return { kind: 'published', address } as const;
      });
      trace.together = true;
      return outcome;
    },
  };
  const work: Work = { engine, leases, ...of, tools, trace };
  return work;
}

/**
 * It stands. In the transaction that makes it so, or learns it: state, release, those that wait for the page, and whoever has it
 * on their screen.
 * @returns false when the delivery is somebody else's by now
 */
export async function markPublished(
  client: PoolClient,
  work: Pick<Work, 'engine' | 'delivery'>,
  { address, note = null }: { address: string | null; note?: string | null },
  at: Date,
): Promise<boolean> {
  const { engine, delivery } = work;
  const { id, officeId, releaseId, state, channel } = delivery;
  const moved = await moveDelivery(client, claimOf(work), state, {
    ...{ state: 'published', nextAt: null, problem: null, reason: note, tries: 0, personAskedAt: null },
    ...{ address, publishedAt: at, lookAt: new Date(at.getTime() + LOOK_AFTER_MS) },
  });
  if (!moved) return false;
  if (channel === 'website') await wakeBehindSite(client, releaseId, engine.now());
  await settleRelease(client, releaseId, engine.now());
  await tellLive(client, { kind: 'delivery', officeId, deliveryId: id });
  return true;
}

/** A delivery as adapters see it. */
export function outgoing({ engine, delivery }: Pick<Work, 'engine' | 'delivery'>): Outgoing {
  const { id, officeId, releaseId, version, content, dueAt, progress, address, publishedAt, site } = delivery;
  // A page that a person has taken off the schedule is not linked to.
  const sitePath = site === null || site.state === 'cancelled' ? null : site.path;
  return {
    ...{ id, officeId, releaseId, version, content, dueAt, progress, address, publishedAt, sitePath },
    siteAddress: sitePath === null ? null : `${engine.address}${sitePath}`,
    ...{ corrects: delivery.correctsAddress, correction: delivery.correction },
  };
}
