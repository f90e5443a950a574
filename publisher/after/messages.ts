import type { Channel } from '../../config/release-types.ts';

/** What is said about what was published, afterwards. */
export const afterMessages = {
  takenDown: (channel: string, name: string) =>
    `在${channel}账号“${name}”上已经看不到这篇内容：可能被平台删除、屏蔽，或有人在平台上删除。请到平台核实原因。`,
  accounts: {
    silent: (channel: Channel, name: string, days: number) =>
      `${afterMessages.channels[channel]}账号“${name}”已 ${days} 天没有通过本系统发布新内容。参照政务新媒体检查指标，两周内没有更新会被评为不合格。`,
    ends: (name: string, days: number) =>
      `账号“${name}”的授权${days < 1 ? '今天' : ` ${days} 天后`}到期，平台不会自动续期。请在到期前重新授权。`,
  },
  channels: { website: '网站', weibo: '微博', wechat: '微信' },
};
