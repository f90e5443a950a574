import { createHash } from 'node:crypto';
import { siteArticles } from '../../../../../store/site-articles.ts';
import { publicDb } from '../../../../lib/server/desk.ts';
import { rss } from '../../../../lib/server/rss.ts';
import { PUBLIC_CACHE, site } from '../../../../lib/server/site.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async () => {
  const body = rss(site(), await siteArticles(publicDb(), 50));
  // The kit answers 304 by it.
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  return new Response(body, {
    headers: { 'content-type': 'application/rss+xml; charset=utf-8', 'cache-control': PUBLIC_CACHE, etag },
  });
};
