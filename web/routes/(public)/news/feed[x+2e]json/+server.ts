import { feedOf } from '../../../../lib/server/site-pages.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ request }) => feedOf('feed.json', request, null);
