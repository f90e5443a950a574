import { createHash } from 'node:crypto';
import { openPush, type PushFields, type PushKeys, type PushQuery } from '../../config/wechat-push.ts';
import type { Draft } from '../../store/drafts.ts';
import { wordsOf } from './account.ts';

/** A push as far as it may be read: who sent it (`FromUserName`) is not. */
export type Pushed = { type: string; text: string; id: string; at: number | null };

/** Reads a push. @returns null when it cannot be read, or does not come from the account's own platform */
export function readPush(keys: PushKeys, query: PushQuery, body: string): Pushed | null {
  const fields = openPush(keys, query, body);
  return fields && pushedOf(fields);
}

export function pushedOf(fields: PushFields): Pushed {
  const seconds = Number(fields.get('CreateTime') ?? Number.NaN);
  return {
    type: fields.get('MsgType')?.trim() ?? '',
    text: fields.get('Content') ?? '',
    id: fields.get('MsgId')?.trim() ?? '',
    at: Number.isSafeInteger(seconds) && seconds > 0 ? seconds * 1000 : null,
  };
}

/**
 * A text that somebody sent to the account.
 * @returns null for everything else: events, pictures, voices
 */
export function messageDraft(pushed: Pushed, outlet: string): Draft | null {
  const text = pushed.type === 'text' ? wordsOf(pushed.text) : '';
  if (text === '' || pushed.id === '') return null;
  const id = createHash('sha256').update(`wechat-message:${pushed.id}`).digest('hex').slice(0, 32);
  return {
    kind: 'comment',
    // A message has no page; the account's people read it at the platform's desk. No two of them share an address.
    url: `https://mp.weixin.qq.com/#message-${id}`,
    externalId: id,
    parentUrl: null,
    title: null,
    text,
    publishedAt: pushed.at,
    outlet,
    counts: { likes: null, comments: null, shares: null },
  };
}
