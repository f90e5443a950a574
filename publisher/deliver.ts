import { shanghaiTime } from '../config/shanghai.ts';
import { loseAttempts } from '../store/delivery-attempts.ts';
import { claimedById, dropClaim, type ClaimedDelivery } from '../store/delivery-claims.ts';
import { beginSending, moveDelivery, settleRelease, type Change } from '../store/delivery-moves.ts';
import { tellLive } from '../store/live.ts';
import { transaction } from '../store/pool.ts';
import type { Outcome } from './channels/contract.ts';
import { correct } from './deliver-correct.ts';
import { Lost, type Engine, type Leases } from './deliver-engine.ts';
import { outcomeOf, settle, tell, writeDown } from './deliver-outcome.ts';
import { reconcile } from './deliver-reconcile.ts';
import { AHEAD_MS, HEAD_START_MS, missedAt, siteOrder } from './deliver-rules.ts';
import { claimOf, openWork, outgoing, type Work } from './deliver-tools.ts';
import { messages } from './messages.ts';

const waits = messages.waits;

/**
 * Takes a claimed delivery one step on: sends it at its time, at most once; looks what became of it; or writes down why it waits.
 *
 * ```
 * waiting → sending → published | processing → published | refused | failed
 *    ↑         ↓            ↓
 *    └───── unknown ← ──────┘      (only a proof that nothing has arrived leads back to waiting)
 * waiting → missed | refused | failed;  cancelled, withdrawn: by a person
 * ```
 * @returns what it is doing now, for the log
 * @throws where the database does not answer: the claim ends with its lease, and somebody goes on from what is written
 */
export async function deliver(engine: Engine, leases: Leases, claimed: ClaimedDelivery): Promise<string> {
  const { store } = engine;
  const adapter = engine.adapters[claimed.channel];
  const { account, unusable } = await engine.openAccount(store, claimed.accountId);
  if (!adapter) {
    const claim = { id: claimed.id, worker: engine.worker };
    const nextAt = missedAt(claimed, engine.missedAfterMinutes);
    const change: Change = { state: claimed.state, problem: 'account', reason: messages.tries.noWay, nextAt };
    await moveDelivery(store, claim, claimed.state, change);
    return 'no-way';
  }
  const work = openWork(engine, leases, { store, delivery: claimed, account, adapter });
  try {
    await pickUp(work);
    switch (work.delivery.state) {
      case 'waiting':
        return await send(work, unusable);
      case 'unknown':
        return await reconcile(work);
      case 'processing':
        return await poll(work);
      case 'published':
        return await correct(work);
      case 'sending':
      case 'cancelled':
      case 'failed':
      case 'missed':
      case 'refused':
      case 'withdrawn':
        // Nothing is left to be done.
        await moveDelivery(store, claimOf(work), claimed.state, { nextAt: null });
        return 'done';
    }
  } catch (error) {
    if (!(error instanceof Lost)) throw error;
    // It was called off, held or put off meanwhile, or is somebody else's: what is written holds.
    await dropClaim(store, claimOf(work), engine.now());
    return 'lost';
  }
}

/** Goes on where a killed worker has left off: before the irreversible call nothing was lost, after it nobody knows. */
async function pickUp(work: Work): Promise<void> {
  const { delivery, store, engine } = work;
  if (delivery.state !== 'sending') return;
  const known = delivery.sentAt === null;
  const change: Change = known
    ? { state: 'waiting', nextAt: null }
    : { state: 'unknown', nextAt: null, problem: 'unknown', reason: messages.tries.interrupted, tries: 0 };
  await transaction(store, async (client) => {
    if (!(await moveDelivery(client, claimOf(work), 'sending', change, true))) throw new Lost();
    await loseAttempts(client, delivery.id, engine.now());
  });
  work.delivery = { ...delivery, state: known ? 'waiting' : 'unknown', tries: known ? delivery.tries : 0 };
}

type Unusable = Awaited<ReturnType<Engine['openAccount']>>['unusable'];

async function send(work: Work, unusable: Unusable): Promise<string> {
  const { engine, adapter, account, tools } = work;
  const { dueAt, embargoUntil } = work.delivery;
  const late = missedAt(work.delivery, engine.missedAfterMinutes);
  const isDue = () => engine.now() >= dueAt;
  if (work.delivery.withdrawing) return callOff(work);
  if (engine.now() >= late) return miss(work);
  if (unusable) return wait(work, { ...unusable, nextAt: late });
  if (!isDue()) {
    const prepares = adapter.prepare !== null && !account.dryRun && work.delivery.preparedAt === null;
    const begins = new Date(dueAt.getTime() - AHEAD_MS);
    if (!prepares) return wait(work, { nextAt: tryAt(work) });
    if (begins > engine.now()) return wait(work, { nextAt: begins });
  }

  if (!account.dryRun && adapter.prepare && work.delivery.preparedAt === null) {
    const prepared = await adapter.prepare(account, outgoing(work), tools).catch((error: unknown) => {
      const outcome = outcomeOf(error, work);
      if (outcome.kind === 'published' || outcome.kind === 'processing' || outcome.kind === 'unknown') {
        throw new Error('a preparation that sends', { cause: error });
      }
      return outcome;
    });
    if (prepared.kind !== 'ready') return settle(work, 'prepare', prepared);
    const preparedAt = engine.now();
    const change = { preparedAt, problem: null, reason: null, tries: 0, nextAt: tryAt(work) };
    const goesOn = isDue();
    const ready = await moveDelivery(work.store, claimOf(work), 'waiting', change, goesOn);
    if (!ready) throw new Lost();
    if (!goesOn) return 'prepared';
    work.delivery = { ...work.delivery, preparedAt, tries: 0 };
  }
  if (engine.now() >= late) return miss(work);
  if (embargoUntil !== null && embargoUntil > engine.now()) {
    const nextAt = embargoUntil < late ? embargoUntil : late;
    return wait(work, { problem: 'embargo', reason: waits.embargo(shanghaiTime(embargoUntil)), nextAt });
  }
  if (account.dryRun) return rehearse(work);
  const order = await siteOrderNow(work);
  if (order !== 'go') {
    const reason = order === 'wait' ? waits.website : waits.siteGone;
    return wait(work, { problem: 'website', reason, nextAt: soon(work, SITE_LOOK_MS, late) });
  }

  const turn = { id: account.id, oneAtATime: adapter.oneAtATime };
  if (!(await beginSending(work.store, claimOf(work), turn, engine.now()))) {
    if (!adapter.oneAtATime) throw new Lost();
    return wait(work, { problem: 'turn', reason: waits.turn, nextAt: soon(work, TURN_LOOK_MS, late) });
  }
  work.delivery = { ...work.delivery, state: 'sending', sentAt: null };
  work.trace.startedAt = engine.now();
  const outcome: Outcome = await adapter
    .publish(account, outgoing(work), tools)
    .catch((error: unknown) => outcomeOf(error, work));
  return settle(work, 'publish', outcome);
}

/**
 * Whether the page stands by now. The claim may have been made while it was being published: then the page has woken this delivery
 * before the claim, and does so only once.
 */
async function siteOrderNow(work: Work): Promise<ReturnType<typeof siteOrder>> {
  if (siteOrder(work.delivery) === 'go') return 'go';
  const now = await claimedById(work.store, work.delivery.id);
  if (!now) throw new Lost();
  work.delivery = { ...work.delivery, site: now.site };
  return siteOrder(work.delivery);
}

/** When it is to be sent by itself. */
function tryAt({ delivery }: Work): Date {
  const { dueAt } = delivery;
  return siteOrder(delivery) === 'wait' ? new Date(dueAt.getTime() + HEAD_START_MS) : dueAt;
}

/** What waits for the page is woken by it; this is for the case that it never comes. */
const SITE_LOOK_MS = 15_000;
const TURN_LOOK_MS = 700;

function soon({ engine }: Work, ms: number, late: Date): Date {
  const at = new Date(engine.now().getTime() + ms);
  return at < late ? at : late;
}

/** Nothing was tried: the delivery waits, and says for what. Whoever has it on their screen is told when that is new. */
async function wait(work: Work, change: Omit<Change, 'state'>): Promise<string> {
  const { store, delivery } = work;
  const { id, officeId, problem } = delivery;
  if (!(await moveDelivery(store, claimOf(work), 'waiting', change))) throw new Lost();
  if (change.problem !== undefined && change.problem !== problem) {
    await tellLive(store, { kind: 'delivery', officeId, deliveryId: id });
  }
  return change.problem ?? 'early';
}

/** Somebody has asked to take it back while it was on its way, and it has turned out that it did not arrive. */
async function callOff(work: Work): Promise<string> {
  const { engine, delivery, store } = work;
  await transaction(store, async (client) => {
    const change: Change = { state: 'cancelled', problem: null, reason: null, nextAt: null };
    if (!(await moveDelivery(client, claimOf(work), 'waiting', change))) throw new Lost();
    await settleRelease(client, delivery.releaseId, engine.now());
    await tellLive(client, { kind: 'delivery', officeId: delivery.officeId, deliveryId: delivery.id });
  });
  return 'cancelled';
}

/** Too late: told, never sent by itself. */
async function miss(work: Work): Promise<string> {
  const { engine, delivery, store } = work;
  const now = engine.now();
  const minutes = Math.floor((now.getTime() - delivery.dueAt.getTime()) / 60_000);
  await transaction(store, async (client) => {
    const found = await client.query<{ reason: string | null }>(
      'select reason from deliveries where id = $1',
      [delivery.id],
    );
    const reason = messages.missed(minutes, found.rows[0]?.reason ?? null);
    const missed = await moveDelivery(client, claimOf(work), 'waiting', {
      state: 'missed',
      reason,
      nextAt: null,
    });
    if (!missed) throw new Lost();
    await settleRelease(client, delivery.releaseId, now);
    await tell(
      client,
      delivery,
      'delivery-failed',
      'orange',
      messages.notices.failed(delivery.channel, reason),
    );
    await tellLive(client, { kind: 'delivery', officeId: delivery.officeId, deliveryId: delivery.id });
  });
  return 'missed';
}

/** Nothing leaves the hub: what would have left is written down. It ends as cancelled, so that nobody takes it for published. */
async function rehearse(work: Work): Promise<string> {
  const { adapter, account, tools, delivery, engine, store } = work;
  const requests = await adapter.requests(account, outgoing(work), tools);
  await transaction(store, async (client) => {
    const change: Change = {
      state: 'cancelled',
      problem: 'dry-run',
      reason: messages.rehearsed,
      nextAt: null,
    };
    if (!(await moveDelivery(client, claimOf(work), 'waiting', change))) throw new Lost();
    await writeDown(client, work, 'dry-run', { outcome: 'dry-run', requests });
    await settleRelease(client, delivery.releaseId, engine.now());
    await tellLive(client, { kind: 'delivery', officeId: delivery.officeId, deliveryId: delivery.id });
  });
  return 'rehearsed';
}

/** What the platform has made of it by now. */
async function poll(work: Work): Promise<string> {
  const { adapter, account, tools, delivery, engine } = work;
  const since = delivery.sentAt ?? delivery.dueAt;
  if (adapter.poll === null || engine.now().getTime() - since.getTime() > engine.patience.processingMs) {
    return settle(work, 'poll', { kind: 'unknown', why: messages.tries.unknown('processing') });
  }
  const outcome = await adapter
    .poll(account, outgoing(work), tools)
    .catch((error: unknown) => outcomeOf(error, work));
  return settle(work, 'poll', outcome);
}
