import { sourceMessages } from './sources.ts';

/** Words about the access of a source: its secrets, the calls of its account, where messages are pushed to. */
export const sourceAccountMessages = {
  title: '接口访问',
  official: '平台的官方接口',
  names: sourceMessages.edit.secret,
  set: '设置于',
  notSet: '未设置',
  notSetOptional: '未设置（可不设）',
  ends: (day: string, days: number) => (days < 1 ? `今天到期（${day}）` : `${days} 天后到期（${day}）`),
  ended: (day: string) => `已于 ${day} 到期`,
  endsSoon: (name: string, day: string) =>
    `${name}将于 ${day} 到期，平台不能自动续期。请在到期前重新授权，并更新密钥。`,
  hasEnded: (name: string, day: string) => `${name}已于 ${day} 到期，读不到新内容。请重新授权，并更新密钥。`,
  missing: (names: string) => `尚未设置${names}，设置前读不到内容。`,
  calls: '今日调用',
  callback: '消息回调地址',
  callbackHint: '填写到公众平台“设置与开发 › 基本配置 › 服务器配置”中。',
} as const;
