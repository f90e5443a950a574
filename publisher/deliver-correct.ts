import { moveDelivery, type Change } from '../store/delivery-moves.ts';
import { tellLive } from '../store/live.ts';
import { transaction } from '../store/pool.ts';
import { Lost } from './deliver-engine.ts';
import { outcomeOf, tell, writeDown } from './deliver-outcome.ts';
import { retryPause } from './deliver-rules.ts';
import { claimOf, outgoing, type Work } from './deliver-tools.ts';
import { messages } from './messages.ts';

/** Puts the new text in the place of what stands there, with a note for readers; repeating does no harm. */
export async function correct(work: Work): Promise<string> {
  const { adapter, account, delivery, tools, engine, store } = work;
  const { correction } = delivery;
  if (correction === null || adapter.correction.way !== 'edit') {
    await moveDelivery(store, claimOf(work), 'published', { nextAt: null });
    return 'done';
  }
  const outcome = await adapter.correction
    .edit(account, outgoing(work), tools, correction)
    .catch((error: unknown) => outcomeOf(error, work));
  const why = 'why' in outcome ? outcome.why : null;
  const now = engine.now().getTime();
  const again = new Date(now + retryPause(engine.patience, delivery.tries));
  const changes: Partial<Record<typeof outcome.kind, Change>> = {
    ready: { correction: null, problem: null, reason: null, tries: 0, nextAt: null },
    refused: { problem: 'correct', reason: why, personAskedAt: new Date(now), nextAt: null },
    failed: { problem: 'correct', reason: why, personAskedAt: new Date(now), nextAt: null },
  };
  const change = changes[outcome.kind] ?? { reason: why, tries: delivery.tries + 1, nextAt: again };
  await transaction(store, async (client) => {
    if (!(await moveDelivery(client, claimOf(work), 'published', change))) throw new Lost();
    await writeDown(client, work, 'correct', { outcome: outcome.kind, detail: why });
    if (change.problem === 'correct') {
      await tell(
        client,
        delivery,
        'delivery-failed',
        'orange',
        messages.notices.correct(delivery.channel, why ?? ''),
      );
    }
    await tellLive(client, { kind: 'delivery', officeId: delivery.officeId, deliveryId: delivery.id });
  });
  return outcome.kind === 'ready' ? 'corrected' : outcome.kind;
}
