import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { ZodError } from 'zod';
import { accountKey } from '../config/channels.ts';
import { OldKeyNeeded, openCipher, SealBroken, type Cipher } from '../config/cipher.ts';
import type { Runtime } from '../config/runtime.ts';
import { adapters } from '../publisher/channels/index.ts';
import type { Media, OpenAccount } from '../publisher/channels/contract.ts';
import { openPlatformFetch } from '../publisher/channels/http.ts';
import type { AccountNow, Engine, Keeper } from '../publisher/deliver-engine.ts';
import { patience as usual, type Patience } from '../publisher/deliver-rules.ts';
import { messages } from '../publisher/messages.ts';
import { accountMarks, lendToken, noteUsedUp, setAccountMark, spendCall } from '../store/accounts.ts';
import { channelAccount } from '../store/channel-accounts.ts';
import { channelSecrets } from '../store/channel-secrets.ts';
import { stopChannelAccount } from '../store/channel-stops.ts';
import { mediaById, mediaBytes } from '../store/media.ts';
import type { Pool, Queryable, Store } from '../store/pool.ts';
import { EVERY_OFFICE, scoped } from '../store/scope.ts';

/** Puts together what delivers: the channels, the accounts with what opens them, and the way out. */
export function openEngine(runtime: Runtime, pool: Pool, log: Logger, patience: Patience = usual): Engine {
  const cipher = openCipher(runtime.keys);
  const { missedAfterMinutes, allowPrivateHosts } = runtime.hub.publisher;
  return {
    worker: `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`,
    store: scoped(pool, EVERY_OFFICE),
    adapters,
    openAccount: remembered((db, id) => openAccount(db, cipher, id)),
    keeper: (store, account) => keeperOf(store, cipher, account),
    stopAccount: stopChannelAccount,
    fetch: openPlatformFetch(allowPrivateHosts, patience.answerMs),
    address: runtime.address,
    missedAfterMinutes,
    patience,
    now: () => new Date(),
    log,
  };
}

const words = messages.waits;

/** What was just read of an account holds for so long: many deliveries of one are due at once. */
const REMEMBERED_MS = 1_000;

function remembered(open: Engine['openAccount']): Engine['openAccount'] {
  const known = new Map<number, { at: number; account: ReturnType<Engine['openAccount']> }>();
  return (db, id) => {
    const now = performance.now();
    for (const [old, { at }] of known) if (at < now - REMEMBERED_MS) known.delete(old);
    const account = known.get(id)?.account ?? open(db, id);
    if (!known.has(id)) known.set(id, { at: now, account });
    return account;
  };
}

async function openAccount(db: Queryable, cipher: Cipher, id: number): Promise<AccountNow> {
  const kept = await channelAccount(db, id).catch((error: unknown) => {
    if (!(error instanceof ZodError)) throw error;
    return unreadable(db, id);
  });
  if (!kept) throw new Error(`account ${id} is out of reach`);
  if ('unusable' in kept) return kept;
  const { officeId, channel, externalId, name, settings, dryRun } = kept;
  const account: OpenAccount = { id, officeId, channel, externalId, name, settings, dryRun, secrets: {} };
  if (kept.archivedAt !== null) {
    return { account, unusable: { problem: 'account', reason: words.archived(name) } };
  }
  if (!kept.enabled) return { account, unusable: { problem: 'account', reason: words.disabled(name) } };
  if (kept.stoppedWhy !== null) {
    const reason = words.stopped(name, kept.stoppedDetail ?? '');
    return { account, unusable: { problem: kept.stoppedWhy, reason } };
  }
  try {
    return { account: { ...account, secrets: await channelSecrets(db, cipher, id) }, unusable: null };
  } catch (error) {
    if (!(error instanceof OldKeyNeeded || error instanceof SealBroken)) throw error;
    return { account, unusable: { problem: 'administrator', reason: words.stopped(name, error.message) } };
  }
}

/** Settings of an older hub, or changed by hand: nothing goes there before somebody has entered them anew. */
async function unreadable(db: Queryable, id: number): Promise<AccountNow | null> {
  const found = await db.query<Pick<OpenAccount, 'officeId' | 'channel' | 'externalId' | 'name'>>(
    `select office_id as "officeId", channel, external_id as "externalId", name from channel_accounts where id = $1`,
    [id],
  );
  const [row] = found.rows;
  if (!row) return null;
  const account: OpenAccount = { id, ...row, settings: {}, dryRun: false, secrets: {} };
  return {
    account,
    unusable: { problem: 'administrator', reason: words.stopped(row.name, words.unreadable) },
  };
}

async function mediaOf(db: Queryable, id: number): Promise<Media | null> {
  const [row, bytes] = await Promise.all([mediaById(db, id), mediaBytes(db, id)]);
  if (!row || !bytes) return null;
  const { mime, name, alt, sha256, width, height } = row;
  return { bytes, mime, name, alt, sha256, width, height };
}

function keeperOf(store: Store, cipher: Cipher, { officeId, channel, externalId }: OpenAccount): Keeper {
  const account = { officeId, account: accountKey(channel, externalId) };
  return {
    token: (lend, rejected) => lendToken(store, cipher, account, lend, rejected),
    spend: (path, most) => spendCall(store, account, path, most),
    usedUp: (path) => noteUsedUp(store, account, path),
    marks: (beginning) => accountMarks(store, account, beginning),
    mark: (name, value) => setAccountMark(store, account, name, value),
    media: (id) => mediaOf(store, id),
  };
}
