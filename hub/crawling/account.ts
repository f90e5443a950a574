import type { Logger } from 'pino';
import { OldKeyNeeded, SealBroken } from '../../config/cipher.ts';
import type { WechatSource, WeiboSource } from '../../config/sources.ts';
import { accountOf, optionalSecretNames, secretNames } from '../../config/source-secrets.ts';
import type { AccountKeeper } from '../../crawler/sources/account.ts';
import {
  accountMarks,
  lendToken,
  noteUsedUp,
  setAccountMark,
  spendCall,
  type Account,
} from '../../store/accounts.ts';
import { auditCipher } from '../../store/audit.ts';
import { secretsOfNamed } from '../../store/channel-secrets.ts';
import type { Store } from '../../store/pool.ts';
import { noteSecretEnd, secretStates, sourceSecrets } from '../../store/source-secrets.ts';
import type { SourceRow } from '../../store/sources.ts';

/** From when on people are told that an authorisation ends. */
const WARN_DAYS = 7;

/** What a visit needs to be let in: the source's secrets and, where it is an account of the office's own, its keeper. */
export async function accountTools(
  store: Store,
  source: SourceRow,
  log: Logger,
): Promise<{ secrets: Record<string, string>; account?: AccountKeeper }> {
  const named = [...secretNames(source), ...optionalSecretNames(source)];
  const secrets = named.length > 0 ? await secretsOf(store, source, named, log) : {};
  const account = accountOf(source);
  return account === null ? { secrets } : { secrets, account: keeperOf(store, source, account, log) };
}

/**
 * The source's own secrets, and of an account that the office publishes to, that account's where they were set later: it is
 * authorised once for both. Secrets that cannot be opened any more are none: the visit says that they are missing, the log why.
 */
async function secretsOf(
  store: Store,
  source: SourceRow,
  named: readonly string[],
  log: Logger,
): Promise<Record<string, string>> {
  const cipher = auditCipher();
  try {
    const own = await sourceSecrets(store, cipher, source.id);
    const shared = await sharedSecrets(store, source);
    const states = new Map((await secretStates(store, source.id)).map(({ name, setAt }) => [name, setAt]));
    for (const name of named) {
      const found = shared.get(name);
      const since = states.get(name);
      if (found && (since === undefined || found.setAt > since)) own[name] = found.value;
    }
    return own;
  } catch (err) {
    if (!(err instanceof OldKeyNeeded || err instanceof SealBroken)) throw err;
    log.error({ err, source: source.key }, 'what opens a source cannot be unsealed');
    return {};
  }
}

function sharedSecrets(store: Store, { officeId, kind, settings }: SourceRow) {
  if (kind !== 'weibo' && kind !== 'wechat') return new Map<string, { value: string; setAt: Date }>();
  const { endpoint } = settings as WeiboSource['settings'] | WechatSource['settings'];
  const externalId =
    kind === 'weibo'
      ? (settings as WeiboSource['settings']).uid
      : (settings as WechatSource['settings']).appId;
  return secretsOfNamed(store, auditCipher(), { officeId, channel: kind, externalId }, endpoint);
}

function keeperOf(store: Store, source: SourceRow, name: string, log: Logger): AccountKeeper {
  const account: Account = { officeId: source.officeId, account: name };
  const cipher = auditCipher();
  return {
    spend: (path, most) => spendCall(store, account, path, most),
    usedUp: (path) => noteUsedUp(store, account, path),
    token: (lend, rejected) => lendToken(store, cipher, account, lend, rejected),
    marks: () => accountMarks(store, account),
    mark: (mark, value) => setAccountMark(store, account, mark, value),
    async secretEnds(secret, at) {
      await noteSecretEnd(store, source.id, secret, at);
      const days = (at.getTime() - Date.now()) / 86_400_000;
      if (days < WARN_DAYS)
        log.warn({ source: source.key, name: secret, endsAt: at }, 'an authorisation ends soon');
    },
  };
}
