import type { ChannelAdapter } from './contract.ts';
import { check } from './wechat/check.ts';
import { prepare } from './wechat/draft.ts';
import { look } from './wechat/look.ts';
import { poll, publish } from './wechat/publish.ts';
import { reconcile } from './wechat/reconcile.ts';
import { requests } from './wechat/requests.ts';
import { withdraw } from './wechat/withdraw.ts';

/**
 * Articles of a WeChat official account: draft, read back, submitted (发布能力), followed by push or sparse polling. A submitted draft
 * leaves the draft box and cannot be submitted twice, which is what tells a lost answer from a lost call.
 */
export const wechat: ChannelAdapter = {
  channel: 'wechat',
  // A draft is known by its own id, however much follows it.
  oneAtATime: false,
  // By then a call that the platform had accepted without an answer has taken its draft out of the box.
  settleMs: 120_000,
  prepare,
  publish,
  reconcile,
  poll,
  withdraw,
  correction: { way: 'anew' },
  look,
  requests,
  check,
};
