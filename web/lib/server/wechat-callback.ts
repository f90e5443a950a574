import {
  isFromPlatform,
  messageDraft,
  readPush,
  readPushQuery,
  type PushKeys,
} from '../../../crawler/sources/wechat-message.ts';
import { pushedSource, type PushedSource } from '../../../store/accounts.ts';
import { sourceSecrets } from '../../../store/source-secrets.ts';
import { hubDb, hubKnowledge, officeDb } from './desk.ts';
import { hub } from './hub.ts';
import { Throttle } from './throttle.ts';

/** Ten times the longest message that the platform sends. */
export const LARGEST_PUSH = 64_000;

/** Whoever cannot show that they are the platform is not listened to for a minute. */
const strangers = new Throttle(20, 60_000);

export type PushAnswer = { status: number; text: string };

const REFUSED: PushAnswer = { status: 403, text: 'not from the platform' };

/**
 * What the WeChat platform asks of the hub: whether the address is ours (`GET`, with `echostr`), and to take a message that
 * somebody sent to the account (`POST`). It waits five seconds and tries three times; a message that comes again is known.
 * @param source id of the source, as it was typed into the platform's console
 * @param body null for `GET`
 * @param from address of whoever asks
 */
export async function receivePush(
  source: string,
  query: URLSearchParams,
  body: string | null,
  from: string,
): Promise<PushAnswer> {
  const asked = readPushQuery(query);
  const id = /^[1-9]\d{0,8}$/.test(source) ? Number(source) : 0;
  if (!asked) return { status: 400, text: 'signature, timestamp and nonce are needed' };
  if (strangers.isOver(from)) return { status: 429, text: 'too often' };
  const account = id === 0 ? null : await pushedSource(hubDb(), id);
  const keys = account && (await keysOf(account));
  if (!account || !keys || !isFromPlatform(keys.token, asked, Date.now())) return refuse(from);
  if (body === null) return { status: 200, text: (query.get('echostr') ?? '').slice(0, 200) };
  const pushed = readPush(keys, asked, body);
  if (!pushed) return refuse(from);
  const draft = messageDraft(pushed, account.outlet);
  // Whoever wrote must not be told that the account is out of order when an office has only stopped listening.
  if (draft && !account.stopped) {
    // Most hubs are never sent anything: the steps are loaded with the first message.
    const { ingest } = await import('../../../indexer/ingest.ts');
    const store = officeDb(account.officeId);
    const { refused } = await ingest(
      store,
      { ...account, kind: 'wechat' },
      [draft],
      Date.now(),
      await hubKnowledge(),
    );
    for (const { why } of refused) hub().log.warn({ err: why, source: id }, 'a message was refused');
  }
  return { status: 200, text: 'success' };
}

function refuse(from: string): PushAnswer {
  strangers.count(from);
  hub().log.warn('a push that does not come from the platform was refused');
  return REFUSED;
}

/** @returns null when the secrets were not set yet */
async function keysOf(account: PushedSource): Promise<PushKeys | null> {
  const secrets = await sourceSecrets(officeDb(account.officeId), hub().cipher, account.id);
  const token = secrets['callback-token'];
  const isSealed = account.settings.messages === 'aes';
  const aesKeys = [secrets['encoding-aes-key'], secrets['encoding-aes-key-previous']].filter(
    (key) => key !== undefined,
  );
  if (!token || (isSealed && aesKeys.length === 0)) return null;
  return { appId: account.settings.appId, token, aesKeys: isSealed ? aesKeys : [] };
}
