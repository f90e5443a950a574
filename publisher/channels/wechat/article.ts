import type { ReleaseContent } from '../../../config/release-content.ts';
import { wechatTexts } from '../../releases/channel-texts.ts';
import { characters, wechatLimits } from '../../releases/limits.ts';
import { escapeHtml } from '../../releases/html.ts';
import { wechatHtml } from '../../releases/wechat-html.ts';
import type { Outgoing } from '../contract.ts';
import { messages } from './messages.ts';

/** An article as draft/add takes it. */
export type Article = {
  article_type: 'news';
  title: string;
  author: string;
  digest: string;
  content: string;
  content_source_url: string;
  thumb_media_id: string;
  need_open_comment: 0 | 1;
  only_fans_can_comment: 0;
  pic_crop_235_1?: string;
  pic_crop_1_1?: string;
};

/**
 * The article of a delivery.
 * @param imageUrl the platform's address of a picture (uploadimg)
 * @param thumbMediaId of the cover, a permanent material
 */
export function articleOf(
  { content, siteAddress, corrects }: Pick<Outgoing, 'content' | 'siteAddress' | 'corrects'>,
  imageUrl: (mediaId: number) => string,
  thumbMediaId: string,
): Article {
  const { details } = content;
  const { title, author, document } = wechatTexts(content);
  const { crop235, crop11 } = details.wechat;
  const notes = { attachments: details.attachmentIds.length > 0, aiAssisted: details.aiAssisted };
  return {
    article_type: 'news',
    title,
    author,
    digest: digestOf(content),
    content: correctionOf(corrects) + wechatHtml(document, imageUrl, notes),
    content_source_url: siteAddress ?? '',
    thumb_media_id: thumbMediaId,
    need_open_comment: details.wechat.comments ? 1 : 0,
    only_fans_can_comment: 0,
    ...(crop235 && { pic_crop_235_1: cropOf(crop235) }),
    ...(crop11 && { pic_crop_1_1: cropOf(crop11) }),
  };
}

/** What was written for WeChat stays to the letter; the master's summary is cut to what a digest may be long. */
export function digestOf(content: ReleaseContent): string {
  const { digest } = wechatTexts(content);
  const isOwn = content.details.wechat.digest !== null;
  if (isOwn || characters(digest) <= wechatLimits.digest) return digest;
  return `${[...digest].slice(0, wechatLimits.digest - 1).join('')}…`;
}

/** The picture of lists: the one chosen for WeChat, for the release, else the first of the text. */
export function coverIdOf(content: ReleaseContent): number | null {
  const { details } = content;
  const chosen = details.wechat.coverId ?? details.coverId;
  if (chosen !== null) return chosen;
  return picturesOf(content)[0] ?? null;
}

/** Ids of the pictures in the text, in their order, each once. */
export function picturesOf(content: ReleaseContent): number[] {
  const ids = new Set<number>();
  // Whatever the document is made of: the article itself asks for every picture that it shows.
  wechatHtml(wechatTexts(content).document, (id) => {
    ids.add(id);
    return '';
  });
  return [...ids];
}

/** `X1_Y1_X2_Y2`, shares of the picture with no more than six places. */
function cropOf(shares: readonly number[]): string {
  return shares.map((share) => String(Number(share.toFixed(6)))).join('_');
}

/** A published article cannot be changed: a further one says which it corrects. Only the platform's own addresses may be links. */
function correctionOf(corrects: string | null): string {
  if (corrects === null) return '';
  const said = /^https:\/\/mp\.weixin\.qq\.com\//.test(corrects)
    ? messages.corrects(corrects)
    : messages.correctsShort;
  return `<p style="margin: 0 0 1em; line-height: 1.75; font-size: 16px; font-weight: bold">${escapeHtml(said)}</p>`;
}
