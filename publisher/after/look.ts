import type { Logger } from 'pino';
import { errorText } from '../../config/errors.ts';
import { claimedById } from '../../store/delivery-claims.ts';
import { claimLooks, nextLook, noteLook } from '../../store/delivery-counts.ts';
import { transaction } from '../../store/pool.ts';
import { noteTakenDown } from '../../store/withdrawals.ts';
import type { Look, Tools } from '../channels/contract.ts';
import type { Engine } from '../deliver-engine.ts';
import { tell } from '../deliver-outcome.ts';
import { outgoing } from '../deliver-tools.ts';
import { nextLookAt } from './rhythm.ts';
import { afterMessages as words } from './messages.ts';
import { pause } from '../pause.ts';

/** As many as one question about counts may name. */
const TOGETHER = 100;
/** Whoever was killed with them leaves them to be looked at after this. */
const LEASE_MS = 10 * 60_000;
/** Where an account cannot be asked now. */
const LATER_MS = 3_600_000;
const IDLE_MS = 30_000;

/** Looks at what stands, until it is stopped: its counts, and whether it still stands. */
export async function runLooks(engine: Engine, log: Logger, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    let rest = IDLE_MS;
    try {
      if ((await lookOnce(engine)) > 0) rest = 0;
      else {
        const at = await nextLook(engine.store);
        if (at) rest = Math.min(IDLE_MS, Math.max(1_000, at.getTime() - engine.now().getTime()));
      }
    } catch (err) {
      log.error({ err: errorText(err) }, 'counts of what was published');
    }
    await pause(rest, stop);
  }
}

/** Looks at what is due of one account. @returns how many that were */
export async function lookOnce(engine: Engine): Promise<number> {
  const { store } = engine;
  const now = engine.now();
  const claimed = await claimLooks(store, now, new Date(now.getTime() + LEASE_MS), TOGETHER);
  if (!claimed) return 0;
  const found = await Promise.all(claimed.ids.map((id) => claimedById(store, id)));
  const deliveries = found.flatMap((delivery) => (delivery?.state === 'published' ? [delivery] : []));
  const { account, unusable } = await engine.openAccount(store, claimed.accountId);
  const adapter = engine.adapters[account.channel];
  let looks = new Map<number, Look>();
  if (adapter && !unusable && deliveries.length > 0) {
    const outgoings = deliveries.map((delivery) => outgoing({ engine, delivery }));
    try {
      looks = await adapter.look(account, outgoings, readingTools(engine, account));
    } catch (err) {
      engine.log.warn(
        { accountId: account.id, err: errorText(err) },
        'what was published cannot be looked at',
      );
    }
  }
  for (const delivery of deliveries) {
    const { id, officeId, publishedAt } = delivery;
    const look = looks.get(id);
    const counts = Object.values(look?.counts ?? {});
    const seen = look !== undefined && (look.standing !== null || counts.length > 0);
    const next = nextLookAt(publishedAt ?? now, now);
    // What could not be seen is tried again sooner than what could, and never counts as nothing.
    const later = next && new Date(Math.min(next.getTime(), now.getTime() + LATER_MS));
    await transaction(store, async (client) => {
      if (look?.standing === false) {
        const text = words.takenDown(words.channels[account.channel], account.name);
        if (await noteTakenDown(client, id, text, now))
          await tell(client, delivery, 'taken-down', 'orange', text);
        return;
      }
      await noteLook(client, {
        ...{ deliveryId: id, officeId, at: now, next: seen ? next : later, counts: look?.counts ?? {} },
      });
    });
  }
  return claimed.ids.length;
}

/** Tools that only read: nothing that is looked at may be changed by it. */
function readingTools(engine: Engine, account: Parameters<Engine['keeper']>[1]): Tools {
  const never = () => Promise.reject(new Error('a look changes nothing'));
  return {
    ...engine.keeper(engine.store, account),
    store: engine.store,
    now: engine.now,
    fetch: engine.fetch,
    keep: never,
    beginIrreversible: never,
    together: never,
  };
}
