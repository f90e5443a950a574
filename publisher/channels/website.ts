import { channelSettings } from '../../config/channels.ts';
import { publicMediaAddress } from '../../config/media.ts';
import type { ReleaseContent } from '../../config/release-content.ts';
import type { Block } from '../../config/release-document.ts';
import { mediaFiles } from '../../store/media.ts';
import type { Queryable } from '../../store/pool.ts';
import {
  correctOnSite,
  publishOnSite,
  standingOnSite,
  withdrawFromSite,
  type SitePage,
} from '../../store/site-publishing.ts';
import { viewsOf } from '../../store/site-views.ts';
import { mediaOf } from '../releases/plain.ts';
import { siteHtml } from '../releases/render.ts';
import { siteMessages as words } from '../site/messages.ts';
import type { ChannelAdapter, CheckItem, Outgoing } from './contract.ts';

/** The hub's own public pages. Page and state change in one transaction, so that repeating is safe. */
export const website: ChannelAdapter = {
  channel: 'website',
  oneAtATime: false,
  settleMs: 0,
  prepare: null,
  async publish(_, delivery, tools) {
    const page = await pageOf(tools.store, delivery);
    if ('missing' in page) return { kind: 'refused', why: words.missingFiles(page.missing) };
    return tools.together(async (client) => {
      await publishOnSite(client, delivery, page, tools.now());
      return { address: pathOf(delivery) };
    });
  },
  // What is published with its state in one transaction is never unknown.
  reconcile: () => Promise.resolve({ kind: 'not-arrived' }),
  poll: null,
  async withdraw(_, delivery, tools) {
    await withdrawFromSite(tools.store, delivery.id, words.withdrawn, tools.now());
    return { kind: 'done' };
  },
  correction: {
    way: 'edit',
    async edit(_, delivery, tools, note) {
      const page = await pageOf(tools.store, delivery);
      if ('missing' in page) return { kind: 'refused', why: words.missingFiles(page.missing) };
      await correctOnSite(tools.store, delivery, page, note, tools.now());
      return { kind: 'ready' };
    },
  },
  async look(_, deliveries, tools) {
    const ids = deliveries.map(({ id }) => id);
    const [standing, views] = await Promise.all([
      standingOnSite(tools.store, ids),
      viewsOf(tools.store, ids),
    ]);
    // The hub counts by itself: what it has not counted was opened by nobody.
    return new Map(
      ids.map((id) => [id, { standing: standing.has(id), counts: { reads: views.get(id) ?? 0 } }]),
    );
  },
  requests: (_, delivery) => {
    const body = siteHtml(delivery.content.document, (id) => publicMediaAddress(String(id)));
    return Promise.resolve([{ method: 'PUT', url: pathOf(delivery), headers: {}, body }]);
  },
  check: ({ settings, secrets }) => Promise.resolve([baiduItem(settings, secrets)]),
};

/** `/news/20261122-9`: fixed when it was scheduled, so that other channels can link to it beforehand. */
function pathOf({ sitePath, id }: Outgoing): string {
  return sitePath ?? `/news/${id}`;
}

/** @returns how many of its files are gone where it cannot be shown whole */
async function pageOf(db: Queryable, delivery: Outgoing): Promise<SitePage | { missing: number }> {
  const { content, siteAddress } = delivery;
  const mediaIds = siteMedia(content);
  const files = await mediaFiles(db, mediaIds);
  const missing = mediaIds.filter((id) => !files.has(id)).length;
  if (missing > 0) return { missing };
  return {
    slug: pathOf(delivery).split('/').at(-1) ?? '',
    address: siteAddress,
    html: siteHtml(content.document, (id) => publicMediaAddress(files.get(id) ?? '')),
    mediaIds,
    imageId: content.details.coverId ?? firstImage(content.document.content),
  };
}

/** Files that the page itself shows: what only other channels show stays out of reach of the public. */
function siteMedia(content: ReleaseContent): number[] {
  const { weibo, wechat } = content.details;
  const details = {
    ...content.details,
    weibo: { ...weibo, imageId: null },
    wechat: { ...wechat, coverId: null, document: null },
  };
  return mediaOf({ ...content, details });
}

function firstImage(blocks: readonly Block[]): number | null {
  const image = blocks.find((block) => block.type === 'image');
  return image?.type === 'image' ? image.attrs.mediaId : null;
}

function baiduItem(settings: unknown, secrets: Readonly<Record<string, string>>): CheckItem {
  const { baiduSite } = channelSettings.website.parse(settings);
  if (baiduSite === null) return { item: words.check.baidu, ok: null, text: words.check.off };
  const ready = secrets['baidu-token'] !== undefined;
  return {
    ...{ item: words.check.baidu, ok: ready },
    text: ready ? words.check.ready(baiduSite) : words.check.noToken,
  };
}
