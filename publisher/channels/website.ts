import { publishOnSite } from '../../store/deliveries.ts';
import { mediaOf } from '../releases/plain.ts';
import { siteHtml } from '../releases/render.ts';
import type { SiteChannel } from './contract.ts';

/** The hub's own public pages. Page and state change in one transaction, so that repeating is safe. */
export const website: SiteChannel = {
  channel: 'website',
  interrupted: 'repeat',
  async publish(store, delivery, now) {
    const { content, id } = delivery;
    const slug = `${shanghaiDay(now)}-${id}`;
    const html = siteHtml(content.document, (media) => `/media/${media}`);
    await publishOnSite(store, delivery, { slug, html, mediaIds: mediaOf(content) }, now);
  },
};

/** `20261122`, as it is in Asia/Shanghai. */
function shanghaiDay(at: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(at).replaceAll('-', '');
}
