import { channelSettings } from '../../../config/channels.ts';
import { isFromPlatform, openPush, readPushQuery, type PushKeys } from '../../../config/wechat-push.ts';
import { messageDraft, pushedOf } from '../../../crawler/sources/wechat-message.ts';
import { publishEventOf } from '../../../publisher/channels/wechat/event.ts';
import { pushedSource, pushedSourceOf, type PushedSource } from '../../../store/accounts.ts';
import { channelAccount } from '../../../store/channel-accounts.ts';
import { channelSecrets } from '../../../store/channel-secrets.ts';
import { notePublishEvent } from '../../../store/publish-events.ts';
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
 * Whom the platform was told of at its console: an account has one address there, for what people write to it and for what has
 * become of its publications. Both addresses of the hub, a source's and a channel's, take both.
 */
export type PushDoor = { source: string } | { account: string };

/**
 * What the WeChat platform asks of the hub: whether the address is ours (`GET`, with `echostr`), and to take a message that
 * somebody sent to the account or an event (`POST`). It waits five seconds and tries three times; a message or an event that
 * comes again is known.
 * @param door id of the source or the channel's account, as it was typed into the platform's console
 * @param body null for `GET`
 * @param from address of whoever asks
 */
export async function receivePush(
  door: PushDoor,
  query: URLSearchParams,
  body: string | null,
  from: string,
): Promise<PushAnswer> {
  const asked = readPushQuery(query);
  if (!asked) return { status: 400, text: 'signature, timestamp and nonce are needed' };
  if (strangers.isOver(from)) return { status: 429, text: 'too often' };
  const opened = 'source' in door ? await openSource(door.source) : await openAccount(door.account);
  const now = Date.now();
  if (!opened || !isFromPlatform(opened.keys.token, asked, now)) return refuse(from);
  if (body === null) return { status: 200, text: (query.get('echostr') ?? '').slice(0, 200) };
  const { keys, officeId } = opened;
  const fields = openPush(keys, asked, body);
  if (!fields) return refuse(from);
  const published = publishEventOf(fields, keys.aesKeys.length > 0, now);
  if (published) {
    const account = { officeId, account: `wechat:${keys.appId}` };
    await notePublishEvent(officeDb(officeId), account, published.event);
    return { status: 200, text: 'success' };
  }
  const source = opened.source ?? (await pushedSourceOf(officeDb(officeId), officeId, keys.appId));
  const draft = source && messageDraft(pushedOf(fields), source.outlet);
  // Whoever wrote must not be told that the account is out of order when an office has only stopped listening.
  if (draft && !source.stopped) {
    // Most hubs are never sent anything: the steps are loaded with the first message.
    const { ingest } = await import('../../../indexer/ingest.ts');
    const store = officeDb(officeId);
    const of = { ...source, kind: 'wechat' as const };
    const { refused } = await ingest(store, of, [draft], Date.now(), await hubKnowledge());
    for (const { why } of refused) hub().log.warn({ err: why, source: source.id }, 'a message was refused');
  }
  return { status: 200, text: 'success' };
}

function refuse(from: string): PushAnswer {
  strangers.count(from);
  hub().log.warn('a push that does not come from the platform was refused');
  return REFUSED;
}

type Opened = { officeId: number; keys: PushKeys; source: PushedSource | null };

const idOf = (text: string): number => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0);

/** @returns null when there is no such source, or its secrets were not set yet */
async function openSource(text: string): Promise<Opened | null> {
  const id = idOf(text);
  const source = id === 0 ? null : await pushedSource(hubDb(), id);
  if (!source) return null;
  const { officeId, settings } = source;
  const secrets = await sourceSecrets(officeDb(officeId), hub().cipher, id);
  const keys = keysOf(settings.appId, secrets, settings.messages === 'aes');
  return keys && { officeId, keys, source };
}

/** @returns null when there is no such account, it is pushed nothing, or its secrets were not set yet */
async function openAccount(text: string): Promise<Opened | null> {
  const id = idOf(text);
  const account = id === 0 ? null : await channelAccount(hubDb(), id);
  if (account?.channel !== 'wechat' || account.archivedAt !== null) return null;
  const { callback } = channelSettings.wechat.parse(account.settings);
  if (callback === 'off') return null;
  const { officeId, externalId } = account;
  const secrets = await channelSecrets(officeDb(officeId), hub().cipher, id);
  // In the mode that sends both forms, the encrypted one is the one that cannot have been changed on its way.
  const keys = keysOf(externalId, secrets, callback !== 'plain');
  return keys && { officeId, keys, source: null };
}

function keysOf(appId: string, secrets: Record<string, string>, isSealed: boolean): PushKeys | null {
  const token = secrets['callback-token'];
  const aesKeys = [secrets['encoding-aes-key'], secrets['encoding-aes-key-previous']].filter(
    (key) => key !== undefined,
  );
  if (!token || (isSealed && aesKeys.length === 0)) return null;
  return { appId, token, aesKeys: isSealed ? aesKeys : [] };
}
