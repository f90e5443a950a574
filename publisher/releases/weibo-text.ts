import type { ReleaseContent } from '../../config/release-content.ts';

/** What is posted on Weibo, without the link that is put behind it: what was written for it, else title and summary. */
export function weiboText({ title, summary, details }: ReleaseContent): string {
  return details.weibo.text ?? `【${title}】${summary}`;
}
