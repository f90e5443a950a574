import type { PoolClient } from 'pg';
import { noteAttempt } from '../store/delivery-attempts.ts';
import { claimedById, type ClaimedDelivery } from '../store/delivery-claims.ts';
import { transaction } from '../store/pool.ts';
import { tellLive } from '../store/live.ts';
import {
  markWithdrawn,
  moveWithdrawal,
  type ClaimedWithdrawal,
  type WithdrawalState,
} from '../store/withdrawals.ts';
import type { Withdrawn } from './channels/contract.ts';
import { Leases, type Engine } from './deliver-engine.ts';
import { tell } from './deliver-outcome.ts';
import { retryPause } from './deliver-rules.ts';
import { openWork, outgoing } from './deliver-tools.ts';
import { messages } from './messages.ts';

const words = messages.withdraw;
/** Until it is known what became of something that is being sent. */
const STILL_MS = 5_000;
/** After so many tries a person is asked to look. */
const ASK_AFTER = 8;

/** Takes one thing back at its platform, as far as the channel can: what is gone already counts as done. */
export async function withdraw(
  engine: Engine,
  { id, officeId, deliveryId, tries }: ClaimedWithdrawal,
): Promise<string> {
  const { store } = engine;
  const delivery = await claimedById(store, deliveryId);
  if (!delivery) return 'gone';
  const startedAt = engine.now();
  const result = await take(engine, delivery);
  const now = engine.now();
  const again = (at: Date) =>
    new Date(Math.max(at.getTime(), now.getTime() + retryPause(engine.patience, tries)));
  const worn = tries + 1 >= ASK_AFTER;
  const next: { state: WithdrawalState; detail: string | null; nextAt: Date | null } = (() => {
    switch (result.kind) {
      case 'done':
        return { state: 'done', detail: result.note ?? null, nextAt: null };
      case 'manual':
        return { state: 'manual', detail: result.how, nextAt: null };
      case 'refused':
        return { state: 'manual', detail: result.why, nextAt: null };
      case 'waits':
        return { state: 'waiting', detail: words.stillSending, nextAt: new Date(now.getTime() + STILL_MS) };
      case 'retry':
      case 'stopped':
      case 'unknown': {
        if (worn) return { state: 'unknown', detail: words.person, nextAt: null };
        return { state: 'waiting', detail: result.why, nextAt: again('at' in result ? result.at : now) };
      }
    }
  })();
  await transaction(store, async (client) => {
    const moved = await moveWithdrawal(client, id, {
      ...next,
      tries: result.kind === 'waits' ? tries : tries + 1,
      doneAt: next.state === 'done' ? now : null,
    });
    if (!moved) return;
    if (next.state === 'done' && result.kind === 'done' && result.stood) {
      await markWithdrawn(client, deliveryId, delivery.releaseId, now);
    }
    await tellPerson(client, delivery, next);
    if (result.kind !== 'waits') {
      const code = 'code' in result && result.code !== undefined ? { code: result.code } : {};
      const done = { outcome: result.kind, detail: next.detail, startedAt, finishedAt: now, ...code };
      await noteAttempt(client, delivery, { kind: 'withdraw', ...done });
    }
    await tellLive(client, { kind: 'delivery', officeId, deliveryId });
  });
  return `withdrawal ${next.state}`;
}

type Taken =
  Exclude<Withdrawn, { kind: 'done' }> | { kind: 'done'; note?: string; stood: boolean } | { kind: 'waits' };

async function take(engine: Engine, delivery: ClaimedDelivery): Promise<Taken> {
  const { state } = delivery;
  if (['waiting', 'missed', 'cancelled', 'refused', 'failed'].includes(state)) {
    return { kind: 'done', note: words.notThere, stood: false };
  }
  if (state === 'withdrawn') return { kind: 'done', stood: false };
  if (state !== 'published' && delivery.personAskedAt === null) return { kind: 'waits' };
  const adapter = engine.adapters[delivery.channel];
  const { store } = engine;
  const { account } = await engine.openAccount(store, delivery.accountId);
  if (!adapter) return { kind: 'refused', why: messages.tries.noWay };
  const leases = new Leases(engine.patience.leaseSeconds);
  leases.hold(delivery.id);
  const work = openWork(engine, leases, { store, delivery, account, adapter });
  try {
    const withdrawn = await adapter.withdraw(account, outgoing(work), {
      ...work.tools,
      // Taking back may be repeated: there is nothing to begin.
      beginIrreversible: () => Promise.resolve(),
    });
    return withdrawn.kind === 'done' ? { ...withdrawn, stood: true } : withdrawn;
  } catch (err) {
    engine.log.error({ err, deliveryId: delivery.id }, 'a withdrawal failed');
    return { kind: 'unknown', why: words.unknown };
  }
}

async function tellPerson(
  client: PoolClient,
  delivery: ClaimedDelivery,
  { state, detail }: { state: WithdrawalState; detail: string | null },
): Promise<void> {
  if (state !== 'manual' && state !== 'unknown') return;
  const text = messages.notices.withdraw(delivery.channel, detail ?? '');
  await tell(client, delivery, 'delivery-unknown', 'orange', text);
}
