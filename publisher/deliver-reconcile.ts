import { moveDelivery, settleRelease, type Change } from '../store/delivery-moves.ts';
import { tellLive } from '../store/live.ts';
import { transaction } from '../store/pool.ts';
import type { Reconciled } from './channels/contract.ts';
import { NoAnswer, NotSent } from './channels/http.ts';
import { Lost } from './deliver-engine.ts';
import { tell, writeDown } from './deliver-outcome.ts';
import { lookAt, lookPause } from './deliver-rules.ts';
import { claimOf, markPublished, outgoing, type Work } from './deliver-tools.ts';
import { messages } from './messages.ts';

/**
 * Nobody knows whether it arrived: looks at the platform, and only looks. It is sent again only after a proof that it did not
 * arrive; what cannot be told is asked of a person, and looked at more rarely meanwhile.
 */
export async function reconcile(work: Work): Promise<string> {
  const { engine, delivery, store } = work;
  const found = await look(work);
  const now = engine.now();
  await transaction(store, async (client) => {
    if (found.kind === 'arrived') {
      const { address, note } = found;
      const at = delivery.sentAt ?? now;
      if (!(await markPublished(client, work, { address, ...(note !== undefined && { note }) }, at)))
        throw new Lost();
    } else {
      const change = changeFor(work, found, now);
      if (change.personAskedAt && delivery.personAskedAt === null) {
        await tell(
          client,
          delivery,
          'delivery-unknown',
          'orange',
          messages.notices.unknown(delivery.channel),
        );
      }
      if (!(await moveDelivery(client, claimOf(work), 'unknown', change))) throw new Lost();
      if (change.state !== undefined) await settleRelease(client, delivery.releaseId, now);
      await tellLive(client, { kind: 'delivery', officeId: delivery.officeId, deliveryId: delivery.id });
    }
    const detail = 'why' in found ? found.why : null;
    await writeDown(client, work, 'reconcile', {
      outcome: found.kind,
      ...(detail !== undefined && { detail }),
    });
  });
  return found.kind;
}

type Settling = { kind: 'settling'; why: string };

async function look(work: Work): Promise<Reconciled | Settling> {
  const { adapter, account, tools, delivery, engine } = work;
  try {
    const found = await adapter.reconcile(account, outgoing(work), tools);
    const settled = (delivery.sentAt?.getTime() ?? 0) + adapter.settleMs * engine.patience.pace;
    if (found.kind === 'not-arrived' && engine.now().getTime() < settled) {
      return { kind: 'settling', why: messages.tries.settling };
    }
    return found;
  } catch (error) {
    if (error instanceof Lost) throw error;
    const told = error instanceof NotSent || error instanceof NoAnswer;
    if (!told) engine.log.error({ err: error, deliveryId: delivery.id }, 'a channel failed');
    const why = told ? messages.tries.noAnswer(error.detail) : messages.tries.fault;
    return { kind: 'cannot-tell', lookAgainAt: engine.now(), why };
  }
}

function changeFor(
  work: Work,
  found: Exclude<Reconciled, { kind: 'arrived' }> | Settling,
  now: Date,
): Change {
  const { delivery, engine, adapter } = work;
  const { patience } = engine;
  switch (found.kind) {
    case 'processing':
      return {
        state: 'processing',
        nextAt: lookAt(patience, found.lookAgainAt, now),
        problem: null,
        reason: null,
        tries: 0,
        personAskedAt: null,
      };
    case 'not-arrived':
      return {
        ...{ state: 'waiting', sentAt: null, problem: 'retry', reason: messages.tries.notArrived },
        ...{ tries: 0, personAskedAt: null, nextAt: now },
      };
    case 'settling': {
      const settled = (delivery.sentAt?.getTime() ?? 0) + adapter.settleMs * patience.pace;
      return { reason: found.why, nextAt: new Date(Math.max(settled, now.getTime() + 100)) };
    }
    case 'cannot-tell': {
      const tries = delivery.tries + 1;
      const since = now.getTime() - (delivery.sentAt ?? now).getTime();
      const ask = found.lookAgainAt === null || tries >= patience.askAfter || since >= patience.askMs;
      const soonest = now.getTime() + lookPause(patience, tries);
      const asked = lookAt(patience, found.lookAgainAt ?? now, now);
      const at = new Date(Math.max(asked.getTime(), soonest));
      return {
        ...{ reason: found.why, tries, nextAt: tries >= patience.giveUpAfter ? null : at },
        ...(ask && delivery.personAskedAt === null && { personAskedAt: now }),
      };
    }
  }
}
