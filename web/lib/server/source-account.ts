import { accountOf, optionalSecretNames, secretNames } from '../../../config/source-secrets.ts';
import type { WechatSource, WeiboSource } from '../../../config/sources.ts';
import { callsToday } from '../../../store/accounts.ts';
import type { Queryable } from '../../../store/pool.ts';
import { secretStates } from '../../../store/source-secrets.ts';
import { sourceById } from '../../../store/sources.ts';

/** What a source needs to be let in, as far as it may be shown: never a secret's value. */
export type SourceAccount = {
  secrets: { name: string; needed: boolean; setAt: Date | null; endsAt: Date | null }[];
  /** Of today, with the most that the settings allow; null: the source is no account. */
  calls: { made: number; most: number } | null;
  /** Where the platform is to push messages; null: none are taken. */
  callback: string | null;
};

/**
 * @param address of the hub, as people type it
 * @returns null for a source that needs no secret
 */
export async function sourceAccount(
  db: Queryable,
  id: number,
  address: string,
): Promise<SourceAccount | null> {
  const source = await sourceById(db, id);
  if (!source) return null;
  const needed = secretNames(source);
  if (needed.length === 0) return null;
  const states = new Map((await secretStates(db, id)).map((state) => [state.name, state]));
  const secrets = [...needed, ...optionalSecretNames(source)].map((name) => {
    const { setAt = null, endsAt = null } = states.get(name) ?? {};
    return { name, needed: needed.includes(name), setAt, endsAt };
  });
  const account = accountOf(source);
  if (account === null) return { secrets, calls: null, callback: null };
  const settings = source.settings as WeiboSource['settings'] | WechatSource['settings'];
  const made = await callsToday(db, { officeId: source.officeId, account });
  const pushes = 'messages' in settings && settings.messages !== 'off';
  return {
    secrets,
    calls: { made, most: settings.callsPerDay },
    callback: pushes ? `${address}/api/wechat/${id}` : null,
  };
}
