/** What is said about what was published, afterwards. */
export const afterMessages = {
  takenDown: (channel: string, name: string) =>
    `在${channel}账号“${name}”上已经看不到这篇内容：可能被平台删除、屏蔽，或有人在平台上删除。请到平台核实原因。`,
  channels: { website: '网站', weibo: '微博', wechat: '微信' },
};
