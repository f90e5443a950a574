import { join } from 'node:path';
import { startSampleSites, createWorld } from '../../sample/server.ts';
import { startBoth, type Both } from '../../tests/simulators/both.ts';
import { giveLife } from '../../tests/simulators/life.ts';
import { SAMPLE_ACCOUNT as name, SAMPLE_WECHAT, SAMPLE_WEIBO } from '../sample-keys.ts';
import { sampleWorld, type SampleWorld } from '../sample.ts';
import type { Role } from './contract.ts';

/** A token of the sample does not end while somebody tries the hub out. */
const TOKEN_MS = 5 * 365 * 86_400_000;
/** Calls that the platforms keep to be looked at. */
const REMEMBERED = 50;

/** Serves the sample sites and the simulated platforms on loopback. */
export const sample: Role = async (runtime) => {
  const world = await sampleWorld(runtime.dataFolder);
  const sites = await startSampleSites({ world: createWorld(world), ports: world.ports });
  const platforms = await startBoth({
    ports: world.platforms,
    folder: join(runtime.dataFolder, 'platforms'),
    remembered: REMEMBERED,
    appId: SAMPLE_WECHAT.appId,
  });
  furnish(platforms, world, runtime.address);
  const end = giveLife(platforms);
  return async () => {
    end();
    await Promise.all([sites.close(), platforms.close()]);
  };
};

/** What the sample office's accounts are at the platforms. @param address of the hub */
function furnish({ wechat, weibo }: Both, { wechatAccount }: SampleWorld, address: string): void {
  const { appSecret, callbackToken: token, aesKey } = SAMPLE_WECHAT;
  const url = `${address}/api/channels/wechat/${wechatAccount}`;
  const callback = wechatAccount === null ? null : { url, token, aesKey, mode: 'aes' as const };
  Object.assign(wechat.state, { appSecret, name, callback });

  const { state } = weibo;
  const { uid, appKey: key, appSecret: secret } = SAMPLE_WEIBO;
  Object.assign(state.app, { key, secret, domains: [new URL(address).hostname] });
  if (!state.users.some(({ id }) => id === uid)) state.users.push({ id: uid, screen_name: name });
  const madeAt = state.now;
  if (!state.tokens.has(SAMPLE_WEIBO.token)) {
    state.tokens.set(SAMPLE_WEIBO.token, { uid, endsAt: madeAt + TOKEN_MS, madeAt });
  }
}
