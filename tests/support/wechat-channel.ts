import type { ReleaseDocument } from '../../config/release-document.ts';
import { wechat } from '../../publisher/channels/wechat.ts';
import type { Media, Outgoing } from '../../publisher/channels/contract.ts';
import { forThisTest } from '../simulators/for-this-test.ts';
import { startWechat } from '../simulators/wechat.ts';
import { testAccount, testPicture, testTools } from './channel-tools.ts';

export const NOW = Date.UTC(2026, 10, 22, 4);
export const COVER = 11;
export const PICTURE = 12;
export const withCover = { details: { coverId: COVER } };

/** An account of the simulated WeChat, and what an adapter is given for it. */
export async function wechatHub({ settings = {}, secret = true, extra = new Map<number, Media>() } = {}) {
  const platform = forThisTest(await startWechat(NOW));
  const media = new Map([[COVER, testPicture('image/jpeg')], [PICTURE, testPicture('image/png')], ...extra]);
  const tools = testTools(() => platform.state.now, { media });
  const account = testAccount('wechat', {
    externalId: platform.state.appId,
    settings: { endpoint: platform.origin, ...settings },
    secrets: secret ? { 'app-secret': platform.state.appSecret } : {},
  });
  /** As the engine calls again: with what was kept until then. */
  const again = (delivery: Outgoing): Outgoing => ({ ...delivery, progress: { ...tools.kept } });
  return { platform, tools, account, again, state: platform.state };
}
export type Hub = Awaited<ReturnType<typeof wechatHub>>;

export async function publish({ tools, account, again }: Hub, delivery: Outgoing) {
  const prepared = await wechat.prepare?.(account, delivery, tools);
  if (prepared?.kind !== 'ready') return prepared;
  return wechat.publish(account, again(delivery), tools);
}
export const poll = async ({ tools, account, again }: Hub, delivery: Outgoing) =>
  wechat.poll?.(account, again(delivery), tools);

export const document: ReleaseDocument = {
  type: 'doc',
  content: [
    { type: 'paragraph', content: [{ type: 'text', text: '活动现场。' }] },
    { type: 'image', attrs: { mediaId: PICTURE, alt: '合影', caption: '合影' } },
  ],
};
