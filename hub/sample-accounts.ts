import { openCipher } from '../config/cipher.ts';
import { channelSettings } from '../config/channels.ts';
import { hubActor } from '../store/actor.ts';
import { addChannelAccount, changeChannelAccount, channelAccounts } from '../store/channel-accounts.ts';
import { setChannelSecret } from '../store/channel-secrets.ts';
import type { Store } from '../store/pool.ts';
import type { PlatformPorts } from './sample.ts';
import { SAMPLE_ACCOUNT as name, SAMPLE_WECHAT, SAMPLE_WEIBO } from './sample-keys.ts';

/**
 * Gives the sample's office an account at each simulated platform, once: what was put away or changed at the desk stays so.
 * @param to where the platforms are, and the hub itself, whose host every status of Weibo has to link to
 * @returns the account at WeChat; null when it was put away
 */
export async function ensureSampleAccounts(
  store: Store,
  keys: readonly string[],
  officeId: number,
  to: { platforms: PlatformPorts; address: string },
): Promise<number | null> {
  const cipher = openCipher(keys);
  const actor = hubActor('start', officeId);
  const known = await channelAccounts(store, { officeId, archived: true });
  const origin = (channel: keyof PlatformPorts) => `http://127.0.0.1:${to.platforms[channel]}`;
  const seal = async (accountId: number, secrets: Record<string, string>) => {
    for (const [secret, value] of Object.entries(secrets)) {
      await setChannelSecret(store, cipher, actor, { accountId, name: secret, value });
    }
  };

  const boundDomain = new URL(to.address).host;
  const weibo = known.find((account) => account.channel === 'weibo');
  if (!weibo) {
    const { uid, appKey, appSecret, token } = SAMPLE_WEIBO;
    const endpoints = { endpoint: origin('weibo'), pages: origin('weibo') };
    const settings = channelSettings.weibo.parse({ ...endpoints, appKey, boundDomain });
    const common = { channel: 'weibo', name, externalId: uid, dryRun: false } as const;
    const id = await addChannelAccount(store, actor, { ...common, settings });
    await seal(id, { 'app-secret': appSecret, 'access-token': token });
  } else if (weibo.settings.endpoint === origin('weibo') && weibo.settings.boundDomain !== boundDomain) {
    // The hub was started on another port.
    const { id, dryRun } = weibo;
    const settings = { ...weibo.settings, boundDomain };
    if (weibo.archivedAt === null) {
      await changeChannelAccount(store, actor, id, { name: weibo.name, settings, dryRun });
    }
  }

  const wechat = known.find((account) => account.channel === 'wechat');
  if (wechat) return wechat.archivedAt === null ? wechat.id : null;
  const { appId, appSecret, callbackToken, aesKey } = SAMPLE_WECHAT;
  const settings = channelSettings.wechat.parse({ endpoint: origin('wechat'), callback: 'aes' });
  const common = { channel: 'wechat', name, externalId: appId, dryRun: false } as const;
  const id = await addChannelAccount(store, actor, { ...common, settings });
  await seal(id, { 'app-secret': appSecret, 'callback-token': callbackToken, 'encoding-aes-key': aesKey });
  return id;
}
