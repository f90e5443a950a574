import { z } from 'zod';
import { NoAnswer, NotSent, type PlatformFetch } from '../channels/http.ts';
import { siteMessages } from './messages.ts';

const words = siteMessages.baidu;

/** What became of some addresses. `why`: Chinese, without anything secret. */
export type Pushed =
  /** Told. `refused`: addresses that were not taken, with why. */
  | { kind: 'taken'; refused: ReadonlyMap<string, string> }
  /** The day's quota is used up, or too small for so many at once: none of them was taken. */
  | { kind: 'quota' }
  /** Nobody is told of anything before a person has put something right. */
  | { kind: 'wrong'; why: string }
  | { kind: 'again'; why: string };

const taken = z.object({
  success: z.number().int(),
  remain: z.number().int(),
  not_same_site: z.array(z.string()).default([]),
  not_valid: z.array(z.string()).default([]),
});
const faulty = z.object({ error: z.number(), message: z.string() });

export type BaiduAccess = { endpoint: string; site: string; token: string };

/**
 * Tells Baidu of addresses (普通收录, API 提交): POST /urls?site=&token=, one address on each line, at most 2,000. Telling of one
 * twice does no harm, so that a lost answer may be followed by another try.
 */
export async function pushToBaidu(
  fetch: PlatformFetch,
  { endpoint, site, token }: BaiduAccess,
  addresses: readonly string[],
): Promise<Pushed> {
  const query = new URLSearchParams({ site, token }).toString();
  try {
    const { status, text } = await fetch({
      method: 'POST',
      url: `${endpoint.replace(/\/$/, '')}/urls?${query}`,
      headers: { 'content-type': 'text/plain' },
      body: addresses.join('\n'),
    });
    return readAnswer(status, text);
  } catch (error) {
    if (!(error instanceof NotSent || error instanceof NoAnswer)) throw error;
    const blocked = error.detail === 'address-blocked';
    return blocked
      ? { kind: 'wrong', why: words.refused }
      : { kind: 'again', why: words.notReached(error.detail) };
  }
}

function readAnswer(status: number, text: string): Pushed {
  const answer = readJson(text);
  const good = taken.safeParse(answer);
  if (status === 200 && good.success) {
    const refused = new Map([
      ...good.data.not_same_site.map((address) => [address, words.otherSite] as const),
      ...good.data.not_valid.map((address) => [address, words.badAddress] as const),
    ]);
    return { kind: 'taken', refused };
  }
  const bad = faulty.safeParse(answer);
  if (!bad.success) return { kind: 'again', why: words.unreadable(status) };
  const { error, message } = bad.data;
  if (/over quota/i.test(message)) return { kind: 'quota' };
  if (/token is not valid/i.test(message)) return { kind: 'wrong', why: words.badToken };
  if (/site error/i.test(message)) return { kind: 'wrong', why: words.badSite };
  const why = words.said(error, message.slice(0, 200));
  return error >= 500 ? { kind: 'again', why } : { kind: 'wrong', why };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
