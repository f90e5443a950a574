import { siteArticles } from '../../../../store/site-articles.ts';
import { hub } from '../../../lib/server/hub.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async () => ({ articles: await siteArticles(hub().store, 50) });
