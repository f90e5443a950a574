import { publishOnSite } from '../../store/deliveries.ts';
import type { ChannelAdapter } from './contract.ts';

/** The hub's own public pages. Page and state change in one transaction, so that repeating is safe. */
export const website: ChannelAdapter = {
  channel: 'website',
  interrupted: 'repeat',
  async publish(store, delivery, now) {
    await publishOnSite(store, delivery, `${shanghaiDay(now)}-${delivery.id}`, now);
  },
};

/** `20261122`, as it is in Asia/Shanghai. */
function shanghaiDay(at: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(at).replaceAll('-', '');
}
