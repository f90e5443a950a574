import { z } from 'zod';
import { api } from './sources/api.ts';
import { browser } from './sources/browser.ts';
import { feed } from './sources/feed.ts';
import { push } from './sources/push.ts';
import { site } from './sources/site.ts';
import { upload } from './sources/upload.ts';
import { wechat } from './sources/wechat.ts';
import { weibo } from './sources/weibo.ts';

/** One source as hub.yaml states it and as the `sources` table keeps it. A kind is chosen by data. */
export const sourceSchema = z.discriminatedUnion('kind', [
  feed,
  site,
  api,
  browser,
  weibo,
  wechat,
  upload,
  push,
]);

export { optionalSecretNames, secretNames } from './source-secrets.ts';

export type SourceSettings = z.infer<typeof sourceSchema>;
export type SourceKind = SourceSettings['kind'];
export type FeedSource = z.infer<typeof feed>;
export type SiteSource = z.infer<typeof site>;
export type ApiSource = z.infer<typeof api>;
export type BrowserSource = z.infer<typeof browser>;
export type WeiboSource = z.infer<typeof weibo>;
export type WechatSource = z.infer<typeof wechat>;
export type UploadSource = z.infer<typeof upload>;
export type PushSource = z.infer<typeof push>;
