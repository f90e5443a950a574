import type { Page } from './page.ts';

const SOFTWARE =
  /discuz|phpbb|phpwind|vbulletin|xenforo|flarum|discourse|nodebb|mybb|smf|startbbs|hadsky|xiuno|esotalk/iu;
const HOST = /^(?:bbs|forum|forums|club|luntan|tieba|community|shequ)\d*\./iu;
const PATH =
  /(?:^|\/)(?:thread|forum|viewforum|viewtopic|showtopic|viewthread|showthread|read\.php|t)[-_./?]|(?:^|\/)topics?\/\d{1,9}(?:[-/]|$)|(?:^|\/)(?:bbs|forum|luntan|club|tieba)\/|[?&](?:tid|topicid|threadid)=\d/iu;

/** Whether a page belongs to a forum: its software says so, or its address does. What opens it is a post, no article. */
export function isForum(page: Page): boolean {
  if (SOFTWARE.test(page.metas.get('generator') ?? '')) return true;
  const url = URL.parse(page.url);
  return url !== null && isForumAddress(url);
}

/** Whether an address is that of a forum, its list pages included. */
export const isForumAddress = ({ hostname, pathname, search }: URL): boolean =>
  HOST.test(hostname) || PATH.test(pathname + search);
