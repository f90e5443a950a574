import { OldKeyNeeded, SealBroken } from '../../../config/cipher.ts';
import type { CheckItem, Tools } from '../../../publisher/channels/contract.ts';
import { openPlatformFetch } from '../../../publisher/channels/http.ts';
import { adapters } from '../../../publisher/channels/index.ts';
import { accountMarks, lendToken, noteUsedUp, setAccountMark, spendCall } from '../../../store/accounts.ts';
import { keptAs, noteChannelCheck, openChannelAccount } from '../../../store/channel-accounts.ts';
import type { Desk } from './desk.ts';
import { hub } from './hub.ts';

/** A person waits for it: several questions, each of which may take so long. */
const ANSWER_MS = 8_000;

/**
 * Looks at what stands between an account and publishing, and notes it. Publishes nothing; its calls count as any others do.
 * @returns null when there is no such account within the desk's scope; `sealed` when what opens it cannot be unsealed
 */
export async function checkChannel(
  { db, actor }: Desk,
  id: number,
): Promise<readonly CheckItem[] | 'sealed' | null> {
  const { cipher, runtime, log } = hub();
  const account = await openChannelAccount(db, cipher, id).catch((error: unknown) => {
    if (!(error instanceof OldKeyNeeded || error instanceof SealBroken)) throw error;
    log.error({ err: error, account: id }, 'what opens an account cannot be unsealed');
    return 'sealed' as const;
  });
  if (account === null || account === 'sealed') return account;
  if (account.archivedAt !== null) return null;
  const named = keptAs(account);
  const never = () => Promise.reject(new Error('a check publishes nothing'));
  const tools: Tools = {
    now: () => new Date(),
    fetch: openPlatformFetch(runtime.hub.publisher.allowPrivateHosts, ANSWER_MS),
    token: (lend, rejected) => lendToken(db, cipher, named, lend, rejected),
    spend: (path, most) => spendCall(db, named, path, most),
    usedUp: (path) => noteUsedUp(db, named, path),
    marks: (beginning) => accountMarks(db, named, beginning),
    mark: (name, value) => setAccountMark(db, named, name, value),
    media: () => Promise.resolve(null),
    keep: never,
    beginIrreversible: never,
    together: never,
    store: db,
  };
  const found = await adapters[account.channel].check(account, tools);
  await noteChannelCheck(db, actor, id, found);
  return found;
}
