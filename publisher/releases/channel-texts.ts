import type { ReleaseContent } from '../../config/release-content.ts';
import type { ReleaseDocument } from '../../config/release-document.ts';
import { weiboText } from './weibo-text.ts';

/** An article as WeChat gets it: what was written for it, else what the master has. */
export type WechatTexts = { title: string; author: string; digest: string; document: ReleaseDocument };

export function wechatTexts({ title, summary, document, details }: ReleaseContent): WechatTexts {
  const { wechat } = details;
  return {
    title: wechat.title ?? title,
    author: wechat.author ?? details.author,
    digest: wechat.digest ?? summary,
    document: wechat.document ?? document,
  };
}

/** The title on the website's page. */
export function websiteTitle({ title, details }: ReleaseContent): string {
  return details.website.title ?? title;
}

export { weiboText };
