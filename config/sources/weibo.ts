import { z } from 'zod';
import { messages } from '../messages.ts';
import { address, count, visited } from './parts.ts';

/** The office's own Weibo account, through the official interfaces: what people answer to it, and where they name it. */
export const weibo = z.strictObject({
  kind: z.literal('weibo'),
  ...visited,
  /** A visit makes three to eight calls of the few that an app has in a day. */
  intervalSeconds: count(300, 604_800).default(7_200),
  settings: z.strictObject({
    uid: z.string().regex(/^\d{5,20}$/, messages.badUid),
    /** Comments on the own posts; comments that the account received anywhere; posts that name it. */
    read: z
      .array(z.enum(['comments', 'to-me', 'mentions']))
      .min(1)
      .default(['comments', 'to-me', 'mentions']),
    /** Of the 100 calls that an ordinary app has for one user in a day; publishing needs the rest. */
    callsPerDay: count(3, 100_000).default(60),
    /** For how long new comments on a post are looked for. */
    followDays: count(1, 90).default(30),
    endpoint: address.default('https://api.weibo.com'),
  }),
});
