import type { Channel } from '../../config/release-types.ts';
import type { CorrectionWays } from '../../store/corrections.ts';
import type { ChannelAdapter } from './contract.ts';
import { website } from './website.ts';
import { wechat } from './wechat.ts';
import { weibo } from './weibo.ts';

/** Every way out of the hub. */
export const adapters: Readonly<Record<Channel, ChannelAdapter>> = { website, weibo, wechat };

/** How what stands on each channel is corrected. */
export const correctionWays: CorrectionWays = {
  website: website.correction,
  weibo: weibo.correction,
  wechat: wechat.correction,
};
