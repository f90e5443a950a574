import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';
import { Parser } from 'htmlparser2';

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

/** What a push says: `MsgType`, and deeper down `PublishEventInfo/publish_id`. Of what is there several times, the first. */
export type PushFields = ReadonlyMap<string, string>;

/**
 * Opens a push, XML or JSON. Where there are keys, only what is encrypted and signed counts, also when the platform sends
 * both forms beside each other.
 * @returns null when it cannot be read, or does not come from the account's own platform
 */
export function openPush(keys: PushKeys, query: PushQuery, body: string): PushFields | null {
  const outer = fieldsOf(body);
  if (keys.aesKeys.length === 0) return outer.get('MsgType')?.trim() ? outer : null;
  const sealed = outer.get('Encrypt');
  const { messageSignature, timestamp, nonce } = query;
  if (!sealed || !messageSignature || !isSigned(messageSignature, keys.token, timestamp, nonce, sealed)) {
    return null;
  }
  for (const key of keys.aesKeys) {
    const message = decrypt(key, sealed, keys.appId);
    if (message === null) continue;
    const fields = fieldsOf(message);
    return fields.get('MsgType')?.trim() ? fields : null;
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

/** Deeper than this nothing is that anybody asks for. */
const DEEPEST = 6;

function fieldsOf(body: string): PushFields {
  return body.trimStart().startsWith('{') ? jsonFields(body) : xmlFields(body);
}

function xmlFields(body: string): PushFields {
  const fields = new Map<string, string>();
  const path: string[] = [];
  /** What is being read, unless it was there before. */
  let open: string | null = null;
  const parser = new Parser(
    {
      onopentagname(tag) {
        path.push(tag);
        const name = path.length >= 2 && path.length <= DEEPEST ? path.slice(1).join('/') : null;
        open = name !== null && !fields.has(name) ? name : null;
        if (open !== null) fields.set(open, '');
      },
      ontext(text) {
        if (open !== null) fields.set(open, (fields.get(open) ?? '') + text);
      },
      onclosetag() {
        path.pop();
        open = null;
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(body);
  return fields;
}

function jsonFields(body: string): PushFields {
  const fields = new Map<string, string>();
  const visit = (value: unknown, path: readonly string[]): void => {
    if (path.length >= DEEPEST) return;
    if (Array.isArray(value)) return visit(value[0], path);
    if (typeof value === 'object' && value !== null) {
      for (const [name, each] of Object.entries(value)) visit(each, [...path, name]);
    } else if (path.length > 0 && (typeof value === 'string' || typeof value === 'number')) {
      fields.set(path.join('/'), String(value));
    }
  };
  try {
    // Ids are longer than the integers of JavaScript.
    visit(JSON.parse(body.replaceAll(/("(?:MsgId|MsgID|publish_id)"\s*:\s*)(\d+)/gu, '$1"$2"')), []);
  } catch {
    return new Map();
  }
  return fields;
}
