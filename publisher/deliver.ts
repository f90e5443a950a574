import { deliveryById, missDelivery, moveDelivery, type DeliveryRow } from '../store/deliveries.ts';
import type { Store } from '../store/pool.ts';
import type { SiteChannel } from './channels/contract.ts';
import { website } from './channels/website.ts';
import { messages } from './messages.ts';

const adapters: Partial<Record<DeliveryRow['channel'], SiteChannel>> = { website };

export type DeliverResult = 'published' | 'missed' | 'held' | 'early' | 'done';

/** A job may run a moment before its time (clocks of two machines); no more than this. */
const EARLY_MS = 500;

/**
 * Takes one delivery from waiting to its end, at most once: of any number of workers only the one that moves it from
 * `waiting` to `sending` sends. Safe to call at any time and again.
 * @param missedAfterMinutes later than this it is missed, not sent: old news is worse than none
 */
export async function deliver(
  store: Store,
  deliveryId: number,
  now: Date,
  missedAfterMinutes: number,
): Promise<DeliverResult> {
  const delivery = await deliveryById(store, deliveryId);
  if (!delivery) return 'done';
  const adapter = adapters[delivery.channel];
  if (!adapter) return 'done';
  if (delivery.state === 'waiting') {
    // It waits for a second look, however late that comes: neither sent nor missed.
    if (delivery.heldFor !== null) return 'held';
    const lateMinutes = Math.floor((now.getTime() - delivery.dueAt.getTime()) / 60_000);
    if (delivery.dueAt.getTime() - now.getTime() > EARLY_MS) return 'early';
    if (lateMinutes >= missedAfterMinutes) {
      await missDelivery(store, delivery, messages.missed(lateMinutes));
      return 'missed';
    }
    if (!(await moveDelivery(store, delivery.id, 'waiting', 'sending'))) return 'done';
  } else if (delivery.state === 'sending' && adapter.interrupted === 'repeat') {
    // The worker that was sending died, or still sends: for such a channel both are harmless.
  } else {
    return 'done';
  }
  await adapter.publish(store, { ...delivery, state: 'sending' }, now);
  return 'published';
}
