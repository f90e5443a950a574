/** Why an authorisation at Weibo did not come about: what happened, and what to do. */
export const weiboTroubles = {
  gone: '这个发布账号不存在或已归档。请刷新后再看。',
  secret: '还没有填写微博应用的 App Secret。请先填写，再授权。',
  expired: '这次授权已超过 15 分钟，或是在另一个登录里开始的。请重新点“到微博授权”。',
  denied: '在微博上取消了授权。需要发布微博时，请重新授权并点“允许”。',
  code: '微博给的授权码已失效。请重新点“到微博授权”。',
  settings:
    '微博不认可应用的设置。请核对 App Key、App Secret，并把这里显示的回调地址填入微博应用的“授权回调页”。',
  busy: '连不上微博，或微博没有答复。请稍后重新授权。',
  platform: '微博没有给出授权。请重新授权；仍不成功，请登录微博开放平台查看应用状态。',
  'other-account': '授权的是另一个微博账号。请退出微博后用原来的账号重新授权；要换账号，请新增一个发布账号。',
  exists: '本单位已添加过这个微博账号。请使用已有的账号。',
} as const;
export type WeiboTrouble = keyof typeof weiboTroubles;
