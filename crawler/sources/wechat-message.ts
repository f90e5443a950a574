import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';
import { Parser } from 'htmlparser2';
import type { Draft } from '../../store/drafts.ts';
import { wordsOf } from './account.ts';

/** What the account's owner has set at the platform's console. */
export type PushKeys = {
  appId: string;
  token: string;
  /** EncodingAESKeys, the newest first; none: messages come in the clear. */
  aesKeys: readonly string[];
};

/** What the platform adds to the address of every push. */
export type PushQuery = {
  signature: string;
  timestamp: string;
  nonce: string;
  /** Only with an encrypted message. */
  messageSignature: string | null;
};

/** A push as far as it may be read: who sent it (`FromUserName`) is not. */
export type Pushed = { type: string; text: string; id: string; at: number | null };

/** A captured address is of no use to anybody for longer than this; the platform tries again within seconds. */
const FRESH_MS = 600_000;

/** Null when the address lacks what every push carries. */
export function readPushQuery(query: URLSearchParams): PushQuery | null {
  const [signature, timestamp, nonce] = ['signature', 'timestamp', 'nonce'].map((name) => query.get(name));
  if (!signature || !timestamp || !nonce) return null;
  return { signature, timestamp, nonce, messageSignature: query.get('msg_signature') };
}

/** Whether the platform itself asks: SHA-1 over the sorted token, time and nonce (its documentation, "接入指南"). */
export function isFromPlatform(token: string, query: PushQuery, now: number): boolean {
  const isFresh = Math.abs(now - Number(query.timestamp) * 1000) <= FRESH_MS;
  return isFresh && isSigned(query.signature, token, query.timestamp, query.nonce);
}

export function isSigned(signature: string, ...parts: string[]): boolean {
  const right = createHash('sha1').update(parts.toSorted().join('')).digest();
  const given = Buffer.from(signature, 'hex');
  return given.length === right.length && timingSafeEqual(given, right);
}

/**
 * Reads a push, XML or JSON. Where there are keys, only what is encrypted and signed counts, also when the platform sends
 * both forms beside each other.
 * @returns null when it cannot be read, or does not come from the account's own platform
 */
export function readPush(keys: PushKeys, query: PushQuery, body: string): Pushed | null {
  const outer = fieldsOf(body);
  if (keys.aesKeys.length === 0) return pushedOf(outer);
  const sealed = outer.get('Encrypt');
  const { messageSignature, timestamp, nonce } = query;
  if (!sealed || !messageSignature || !isSigned(messageSignature, keys.token, timestamp, nonce, sealed)) {
    return null;
  }
  for (const key of keys.aesKeys) {
    const message = decrypt(key, sealed, keys.appId);
    if (message !== null) return pushedOf(fieldsOf(message));
  }
  return null;
}

/**
 * AES-256-CBC with the key's first half for a vector, padded to blocks of 32 bytes; inside, 16 random bytes, the length of the
 * message, the message, and the account that it is for.
 * @returns null when the key or the account is another one
 */
function decrypt(encodingKey: string, sealed: string, appId: string): string | null {
  const key = Buffer.from(`${encodingKey}=`, 'base64');
  const bytes = Buffer.from(sealed, 'base64');
  if (key.length !== 32 || bytes.length < 32 || bytes.length % 16 !== 0) return null;
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(bytes), decipher.final()]);
  const padding = padded.at(-1) ?? 0;
  if (padding < 1 || padding > 32) return null;
  const plain = padded.subarray(0, padded.length - padding);
  if (plain.length < 20) return null;
  const end = 20 + plain.readUInt32BE(16);
  return plain.subarray(end).toString('utf8') === appId ? plain.subarray(20, end).toString('utf8') : null;
}

function pushedOf(fields: ReadonlyMap<string, string>): Pushed | null {
  const type = fields.get('MsgType')?.trim();
  if (!type) return null;
  const seconds = Number(fields.get('CreateTime') ?? Number.NaN);
  return {
    type,
    text: fields.get('Content') ?? '',
    id: fields.get('MsgId')?.trim() ?? '',
    at: Number.isSafeInteger(seconds) && seconds > 0 ? seconds * 1000 : null,
  };
}

/** The fields directly under the root, by name. */
function fieldsOf(body: string): Map<string, string> {
  return body.trimStart().startsWith('{') ? jsonFields(body) : xmlFields(body);
}

function xmlFields(body: string): Map<string, string> {
  const fields = new Map<string, string>();
  const path: string[] = [];
  const parser = new Parser(
    {
      onopentagname: (name) => void path.push(name),
      ontext(text) {
        const [, name] = path;
        if (path.length === 2 && name) fields.set(name, (fields.get(name) ?? '') + text);
      },
      onclosetag: () => void path.pop(),
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(body);
  return fields;
}

function jsonFields(body: string): Map<string, string> {
  try {
    // Ids of messages are longer than the integers of JavaScript.
    const value: unknown = JSON.parse(body.replace(/("MsgId"\s*:\s*)(\d+)/u, '$1"$2"'));
    if (typeof value !== 'object' || value === null) return new Map();
    return new Map(
      Object.entries(value).flatMap(([name, each]) =>
        typeof each === 'string' || typeof each === 'number' ? [[name, String(each)]] : [],
      ),
    );
  } catch {
    return new Map();
  }
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
