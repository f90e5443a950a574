import { chosenChannels, type ReleaseContent } from '../../config/release-content.ts';
import type { Channel } from '../../config/release-types.ts';
import { websiteTitle, weiboText, wechatTexts } from './channel-texts.ts';
import { plainText } from './plain.ts';
import { wechatHtml } from './wechat-html.ts';
import { WEIBO_LINK_UNITS, WEIBO_MOST, weiboTopic, weiboUnits } from './weibo-units.ts';

export { WEIBO_LINK_UNITS, WEIBO_MOST, weiboTopic, weiboUnits };

/** What is counted, each as its platform counts it. */
export type LimitKey =
  | 'website-title'
  | 'website-text'
  | 'weibo-text'
  | 'weibo-topic'
  | 'wechat-title'
  | 'wechat-author'
  | 'wechat-digest'
  | 'wechat-text'
  | 'wechat-bytes';
/** `over`: the platform would refuse it. `warn`: some accounts are refused from there on, or readers see less of it. */
export type LimitState = 'fine' | 'warn' | 'over';
export type Limit = {
  key: LimitKey;
  channel: Channel;
  used: number;
  most: number;
  warnAbove: number | null;
  state: LimitState;
};

/**
 * Limits of WeChat's drafts (draft/add): title 32 characters, author 16, digest 128, content under 20,000 characters and 1 MB of
 * HTML. Certified accounts were refused titles above 21 and authors above 8 characters: hence the warnings.
 */
export const wechatLimits = { title: 32, author: 16, digest: 128, text: 19_999, bytes: 1_048_575 } as const;
const WECHAT_WARN = { title: 21, author: 8 } as const;
/** What the site's lists and search engines show of a title, and more than anybody reads. */
export const websiteLimits = { title: 80, text: 60_000 } as const;

/** Characters as people count them, not the units of UTF-16. */
export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Bytes of UTF-8. */
export function bytes(text: string): number {
  let count = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    count += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  }
  return count;
}

/** Every limit of the channels that a release goes to, and how much of it is used. */
export function limitsOf(content: ReleaseContent): Limit[] {
  return chosenChannels(content).flatMap((channel) => of[channel](content));
}

const of: Record<Channel, (content: ReleaseContent) => Limit[]> = {
  website: (content) => [
    limit('website', 'website-title', characters(websiteTitle(content)), websiteLimits.title),
    limit('website', 'website-text', characters(plainText(content.document)), websiteLimits.text),
  ],
  weibo: (content) => {
    const text = weiboText(content);
    return [
      limit('weibo', 'weibo-text', weiboUnits(text) + WEIBO_LINK_UNITS, WEIBO_MOST),
      limit('weibo', 'weibo-topic', weiboTopic(text) === null ? 0 : 1, 0),
    ];
  },
  wechat: (content) => {
    const { title, author, digest, document } = wechatTexts(content);
    const html = wechatHtml(document, () => LONGEST_PICTURE);
    return [
      limit('wechat', 'wechat-title', characters(title), wechatLimits.title, WECHAT_WARN.title),
      limit('wechat', 'wechat-author', characters(author), wechatLimits.author, WECHAT_WARN.author),
      limit('wechat', 'wechat-digest', characters(digest), wechatLimits.digest),
      limit('wechat', 'wechat-text', characters(html), wechatLimits.text),
      limit('wechat', 'wechat-bytes', bytes(html), wechatLimits.bytes),
    ];
  },
};

/** As long as the addresses are that WeChat gives to pictures (mmbiz.qpic.cn). */
const LONGEST_PICTURE = `https://mmbiz.qpic.cn/mmbiz_jpg/${'x'.repeat(120)}/0?wx_fmt=jpeg`;

function limit(
  channel: Channel,
  key: LimitKey,
  used: number,
  most: number,
  warnAbove: number | null = null,
): Limit {
  const state = used > most ? 'over' : warnAbove !== null && used > warnAbove ? 'warn' : 'fine';
  return { key, channel, used, most, warnAbove, state };
}
