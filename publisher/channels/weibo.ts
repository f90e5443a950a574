import { channelSettings } from '../../config/channels.ts';
import type { ChannelAdapter } from './contract.ts';
import { PlatformFault } from './fault.ts';
import { check } from './weibo/check.ts';
import { paths } from './weibo/interface.ts';
import { look } from './weibo/look.ts';
import { messages } from './weibo/messages.ts';
import { poll, publish, reconcile } from './weibo/publish.ts';
import { statusOf } from './weibo/status.ts';

/**
 * Statuses of a Weibo account, as an ordinary app may post them (statuses/share): a short text, a link to the website's page, one
 * picture. The platform has no key against doubles: one whose answer was lost is looked for among the newest five.
 */
export const weibo: ChannelAdapter = {
  channel: 'weibo',
  oneAtATime: true,
  // What is published may be found a minute or two later (20032).
  settleMs: 150_000,
  prepare: null,
  publish,
  reconcile,
  poll,
  // No documented call deletes a status.
  withdraw: (_, { address }) => Promise.resolve({ kind: 'manual', how: messages.deleteByHand(address) }),
  correction: { way: 'anew' },
  look,
  async requests(account, delivery, tools) {
    const settings = channelSettings.weibo.parse(account.settings);
    const { imageId } = delivery.content.details.weibo;
    const media = imageId === null ? null : await tools.media(imageId);
    const pic = media && { name: media.name, mime: media.mime, bytes: media.bytes.length };
    const type = pic ? 'multipart/form-data' : 'application/x-www-form-urlencoded';
    return [
      {
        method: 'POST',
        url: new URL(paths.share, settings.endpoint).href,
        headers: { authorization: 'OAuth2 ***', 'content-type': type },
        body: { ...told(() => statusOf(delivery, settings)), rip: settings.rip, ...(pic && { pic }) },
      },
    ];
  },
  check,
};

/** A status that would not be sent is shown with the reason. */
function told(status: () => string): { status: string } | { refused: string } {
  try {
    return { status: status() };
  } catch (error) {
    if (error instanceof PlatformFault) return { refused: error.why };
    throw error;
  }
}
