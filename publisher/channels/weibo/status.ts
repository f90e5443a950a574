import { z } from 'zod';
import type { WeiboSettings } from '../../../config/channels.ts';
import { weiboText } from '../../releases/weibo-text.ts';
import { WEIBO_LINK_UNITS, WEIBO_MOST, weiboUnits } from '../../releases/weibo-units.ts';
import type { Media, Outgoing } from '../contract.ts';
import { PlatformFault } from '../fault.ts';
import { messages } from './messages.ts';

/**
 * What is sent: the text and, behind a space, the link to the website's page, without which an ordinary app may not post.
 * @throws PlatformFault `content` without a page on the website, `administrator` when that is not under the bound domain
 */
export function statusOf(
  { content, siteAddress, corrects }: Pick<Outgoing, 'content' | 'siteAddress' | 'corrects'>,
  { boundDomain }: Pick<WeiboSettings, 'boundDomain'>,
): string {
  if (siteAddress === null) throw new PlatformFault('content', { code: 'no-link', why: messages.noLink });
  const { host, hostname } = new URL(siteAddress);
  const isBound = [host, hostname].some((name) => name === boundDomain || name.endsWith(`.${boundDomain}`));
  if (!isBound) {
    const why = messages.otherDomain(host, boundDomain);
    throw new PlatformFault('administrator', { code: 'other-domain', why });
  }
  const text = weiboText(content);
  const whole = corrects === null ? text : corrected(text, content.details.weibo.text !== null);
  return `${whole} ${siteAddress}`;
}

/** A text of its own is the writer's to keep short; one that was made of title and summary is cut once more. */
function corrected(text: string, isOwn: boolean): string {
  const letters = [...`${messages.corrects}${text}`];
  while (!isOwn && weiboUnits(letters.join('')) > WEIBO_MOST - WEIBO_LINK_UNITS) letters.pop();
  return letters.join('');
}

/** The platform puts addresses of its own in the place of ours, and writes spaces in its own way. */
export function essence(text: string): string {
  return text
    .replaceAll(/https?:\/\/[!-~]+/giu, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/[\s\u00a0\u200b]+/gu, '');
}

/** JPEG, GIF, PNG, under 5 MB. @throws PlatformFault `content` */
export function pictureOf(media: Media | null): { filename: string; mime: string; bytes: Buffer } {
  if (!media) throw unfit(messages.pictureGone);
  const ending = ENDINGS[media.mime];
  const label = media.alt || media.name;
  if (ending === undefined) throw unfit(messages.pictureKind(label));
  if (media.bytes.length >= 5 * MB) {
    throw unfit(messages.pictureSize(label, (media.bytes.length / MB).toFixed(1)));
  }
  return { filename: `${media.sha256.slice(0, 16)}.${ending}`, mime: media.mime, bytes: media.bytes };
}

const MB = 1024 * 1024;
const ENDINGS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
};
const unfit = (why: string) => new PlatformFault('content', { code: 'picture', why });

const digits = z.string().regex(/^\d{1,20}$/);
/** A status as the interface tells it; ids are longer than the integers of JavaScript and right as strings only. */
export const statusSchema = z.object({
  idstr: digits,
  mid: digits.optional(),
  text: z.string().default(''),
  created_at: z.string().default(''),
  deleted: z.unknown().optional(),
  pending_approval_count: z.number().default(0),
  visible: z.object({ type: z.number() }).optional(),
});
export type Status = z.infer<typeof statusSchema>;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** `Wed Oct 24 23:49:17 +0800 2012` */
const CREATED = /^\w{3} (\w{3}) (\d{1,2}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d) (\d{4})$/;

/** Unix ms of a status; null: not told. */
export function createdAt({ created_at }: Pick<Status, 'created_at'>): number | null {
  const [, month = '', day, hour, minute, second, sign, hours, minutes, year] =
    CREATED.exec(created_at) ?? [];
  const place = MONTHS.indexOf(month);
  if (place === -1) return null;
  const utc = Date.UTC(Number(year), place, Number(day), Number(hour), Number(minute), Number(second));
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === '+' ? utc - offset : utc + offset;
}

const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** A mid as it stands in addresses: from the right, seven digits at a time, each to the base of 62 (statuses/querymid). */
export function base62(mid: string): string {
  const groups: string[] = [];
  for (let end = mid.length; end > 0; end -= 7) groups.unshift(mid.slice(Math.max(0, end - 7), end));
  return groups
    .map((group, place) => {
      let rest = Number(group);
      let text = '';
      do {
        text = `${LETTERS[rest % 62] ?? ''}${text}`;
        rest = Math.floor(rest / 62);
      } while (rest > 0);
      return place === 0 ? text : text.padStart(4, '0');
    })
    .join('');
}

/** Where people read a status. */
export function statusAddress(
  uid: string,
  { idstr, mid = idstr }: Pick<Status, 'idstr' | 'mid'>,
  pages: string,
) {
  return new URL(`/${uid}/${base62(mid)}`, pages).href;
}
