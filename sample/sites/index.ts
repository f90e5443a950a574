import type { SiteKey } from '../story/types.ts';
import { createAtomSite } from './atom.ts';
import { createForumSite } from './forum.ts';
import { createJsonFeedSite } from './jsonfeed.ts';
import { createNewsSite } from './news.ts';
import { createRssSite } from './rss.ts';
import type { Site, SiteContext } from './site.ts';
import { createWeiboSite } from './weibo.ts';

/** Every sample site by its key. */
export const createSite: Readonly<Record<SiteKey, (context: SiteContext) => Site>> = {
  news: createNewsSite,
  forum: createForumSite,
  weibo: createWeiboSite,
  rss: createRssSite,
  atom: createAtomSite,
  jsonfeed: createJsonFeedSite,
};
