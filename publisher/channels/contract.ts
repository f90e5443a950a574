import type { Store } from '../../store/pool.ts';
import type { Channel, DeliveryRow } from '../../store/deliveries.ts';

/**
 * One way out of the hub. A channel sends one delivery and says what came of it; when, how often and in which state is
 * the business of `deliver.ts`, never the channel's.
 */
export type ChannelAdapter = {
  channel: Channel;
  /**
   * What to do with a delivery whose worker died while sending. `repeat`: sending again cannot double it. A channel that
   * cannot promise that has to be reconciled with the platform first, and is never repeated blindly.
   */
  interrupted: 'repeat' | 'reconcile';
  /** Sends. Moves the delivery out of `sending` itself, in the transaction that makes it public where there is one. */
  publish(store: Store, delivery: DeliveryRow, now: Date): Promise<void>;
};
