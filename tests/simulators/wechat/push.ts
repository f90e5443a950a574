import { createCipheriv, createHash, randomBytes } from 'node:crypto';

/** How the platform pushes to a hub: what is set at its console, and what the hub has been told. */
export type Pushing = { appId: string; token: string; aesKey?: string };

const signed = (...parts: string[]) => createHash('sha1').update(parts.toSorted().join('')).digest('hex');

/** The parameters by which the platform shows that it is the one that asks. */
export function pushQuery({ token }: Pushing, now = Date.now(), more: Record<string, string> = {}) {
  const timestamp = String(Math.floor(now / 1000));
  const nonce = String(randomBytes(4).readUInt32BE());
  const query = new URLSearchParams({
    signature: signed(token, timestamp, nonce),
    timestamp,
    nonce,
    ...more,
  });
  return { timestamp, nonce, query };
}

/** A text message of a follower as XML in the clear. */
export function textMessage(text: string, id: string, at = Date.now()): string {
  return `<xml><ToUserName><![CDATA[gh_7f083739789a]]></ToUserName>
<FromUserName><![CDATA[oOpenIdOfSomebody00000000001]]></FromUserName>
<CreateTime>${Math.floor(at / 1000)}</CreateTime><MsgType><![CDATA[text]]></MsgType>
<Content><![CDATA[${text}]]></Content><MsgId>${id}</MsgId></xml>`;
}

/** As `textMessage`, in the form in which an account sends that has chosen the encrypted mode. */
export function encrypted(
  pushing: Pushing,
  message: string,
  now = Date.now(),
): { query: string; body: string } {
  const key = Buffer.from(`${pushing.aesKey}=`, 'base64');
  const text = Buffer.from(message, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  const plain = Buffer.concat([randomBytes(16), length, text, Buffer.from(pushing.appId)]);
  const pad = 32 - (plain.length % 32);
  const padded = Buffer.concat([plain, Buffer.alloc(pad, pad)]);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const sealed = Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64');
  const { query, timestamp, nonce } = pushQuery(pushing, now, { encrypt_type: 'aes' });
  query.set('msg_signature', signed(pushing.token, timestamp, nonce, sealed));
  const body = `<xml><ToUserName><![CDATA[gh_7f083739789a]]></ToUserName><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`;
  return { query: query.toString(), body };
}
