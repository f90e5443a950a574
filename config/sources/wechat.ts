import { z } from 'zod';
import { messages } from '../messages.ts';
import { address, count, visited } from './parts.ts';

/** The office's own WeChat official account, through the official interfaces: comments on its articles, messages to it. */
export const wechat = z.strictObject({
  kind: z.literal('wechat'),
  ...visited,
  intervalSeconds: count(300, 604_800).default(3_600),
  settings: z.strictObject({
    appId: z.string().regex(/^wx[0-9a-zA-Z]{8,30}$/, messages.badAppId),
    /**
     * Articles whose comments are read besides those that the interfaces list: `⟨msg_data_id⟩_⟨n⟩`, the n-th article of a
     * message from 1 on, as the platform's statistics number them.
     */
    articles: z
      .array(z.string().regex(/^\d{1,20}_[1-9]\d?$/, messages.badArticle))
      .max(200)
      .default([]),
    /** For how long new comments on an article are looked for. */
    followDays: count(1, 90).default(30),
    callsPerDay: count(3, 100_000).default(500),
    /** Messages that people send to the account: pushed by the platform to the hub, in plain or encrypted form. */
    messages: z.enum(['off', 'plain', 'aes']).default('off'),
    endpoint: address.default('https://api.weixin.qq.com'),
  }),
});
