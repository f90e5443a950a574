import { z } from 'zod';
import { messages } from './messages.ts';
import type { Channel } from './release-types.ts';
import { address, count } from './sources/parts.ts';

/** A host without scheme and path, `www.example.gov.cn`, or with a port where the hub is tried out. */
const host = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::\d{2,5})?$/, messages.badHost);

/** The limits of a new account in a day; the platform raises them for larger ones (`quotas` of the account). */
export const WECHAT_QUOTAS = {
  /** freepublish/submit */
  submit: 100,
  /** freepublish/get, by which a publication is followed: hence seldom. */
  status: 100,
  /** freepublish/batchget, which reading comments asks too. */
  list: 100,
  /** freepublish/delete */
  delete: 10,
  draftAdd: 1_000,
  draftGet: 500,
  draftDelete: 1_000,
  /** All calls of the account together. */
  day: 5_000,
} as const;
export type WechatQuota = keyof typeof WECHAT_QUOTAS;
const most = count(0, 10_000_000);

/** What an account of a channel is set to; its secrets are kept apart (`secretsOf`). */
export const channelSettings = {
  website: z.strictObject({
    /** The site as Baidu's search console knows it; null: Baidu is not told of new pages. */
    baiduSite: host.nullable().default(null),
    baiduEndpoint: address.default('http://data.zz.baidu.com'),
  }),
  weibo: z.strictObject({
    endpoint: address.default('https://api.weibo.com'),
    /** Where people read posts, for the address of each. */
    pages: address.default('https://weibo.com'),
    /** The app at open.weibo.com; not a secret, it stands in the address of the authorisation. */
    appKey: z
      .string()
      .trim()
      .regex(/^\d{5,20}$/, messages.badAppKey),
    /** 安全域名: the host that every status has to link to; bound at the platform to the app. */
    boundDomain: host,
    /** Of an ordinary app for one user; reading the account's comments spends of the same calls. */
    callsPerDay: count(1, 100_000).default(100),
    postsPerHour: count(1, 1_000).default(30),
    /** Sent with every status as the address that it comes from: the server's public one, which the platform's own checks look at. */
    rip: z.ipv4({ error: messages.notIp }).default('127.0.0.1'),
  }),
  wechat: z.strictObject({
    endpoint: address.default('https://api.weixin.qq.com'),
    /** 订阅号 or 服务号. */
    kind: z.enum(['subscription', 'service']).default('subscription'),
    /** Since July 2025 a subscription account that is not certified may not publish by the interface. */
    certified: z.boolean().default(true),
    /** How the platform tells what became of a publication; off: it is asked. */
    callback: z.enum(['off', 'plain', 'compat', 'aes']).default('off'),
    quotas: z
      .strictObject({
        submit: most.default(WECHAT_QUOTAS.submit),
        status: most.default(WECHAT_QUOTAS.status),
        list: most.default(WECHAT_QUOTAS.list),
        delete: most.default(WECHAT_QUOTAS.delete),
        draftAdd: most.default(WECHAT_QUOTAS.draftAdd),
        draftGet: most.default(WECHAT_QUOTAS.draftGet),
        draftDelete: most.default(WECHAT_QUOTAS.draftDelete),
        day: most.default(WECHAT_QUOTAS.day),
      })
      .prefault({}),
  }),
} as const;

export type ChannelSettings = { [C in Channel]: z.infer<(typeof channelSettings)[C]> };
export type WebsiteSettings = ChannelSettings['website'];
export type WeiboSettings = ChannelSettings['weibo'];
export type WechatSettings = ChannelSettings['wechat'];

/** How the platform names an account: a UID, an AppID; the website has no name there. */
export const externalIds = {
  website: z.literal(''),
  /** Empty until somebody has authorised the app: the platform says then whose account it is. */
  weibo: z.union([z.literal(''), z.string().regex(/^\d{5,20}$/, messages.badUid)]),
  wechat: z.string().regex(/^wx[0-9a-zA-Z]{8,30}$/, messages.badAppId),
} as const satisfies Record<Channel, z.ZodType<string>>;

/** A secret of a channel: what it is called, and what it must look like. */
export type ChannelSecret = {
  name: string;
  /** Nothing can be published without it. `callback`: only needed where the platform pushes. */
  needed: 'always' | 'callback' | 'never';
  value: z.ZodType<string>;
};
const token = z
  .string()
  .trim()
  .min(1)
  .max(2_000)
  .regex(/^[\x21-\x7e]+$/, messages.badToken);
const aesKey = z
  .string()
  .trim()
  .regex(/^[0-9A-Za-z]{43}$/, messages.badAesKey);

/** The secrets of each channel. The access token of Weibo comes from an authorisation and is not typed in. */
export const channelSecretsOf: Readonly<Record<Channel, readonly ChannelSecret[]>> = {
  website: [{ name: 'baidu-token', needed: 'never', value: token }],
  weibo: [
    { name: 'app-secret', needed: 'always', value: token },
    { name: 'access-token', needed: 'always', value: token },
  ],
  wechat: [
    { name: 'app-secret', needed: 'always', value: token },
    // As the platform's console asks: 3 to 32 letters and digits.
    {
      name: 'callback-token',
      needed: 'callback',
      value: z
        .string()
        .trim()
        .regex(/^[0-9A-Za-z]{3,32}$/, messages.badCallbackToken),
    },
    { name: 'encoding-aes-key', needed: 'callback', value: aesKey },
    { name: 'encoding-aes-key-previous', needed: 'never', value: aesKey },
  ],
};

/** The account as everything calls it that counts its calls, keeps its token or remembers of it; reading calls it so too. */
export function accountKey(channel: Channel, externalId: string): string {
  return `${channel}:${externalId}`;
}

/** The origin that an account's secrets go to; null: the channel asks nobody. They do not move to another one. */
export function channelDestination<C extends Channel>(
  channel: C,
  settings: ChannelSettings[C],
): string | null {
  if (channel === 'website') return new URL((settings as WebsiteSettings).baiduEndpoint).origin;
  return new URL((settings as WeiboSettings | WechatSettings).endpoint).origin;
}
