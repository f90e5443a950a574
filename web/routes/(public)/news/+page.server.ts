import { siteArticles } from '../../../../store/site-articles.ts';
import { publicDb } from '../../../lib/server/desk.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async () => ({ articles: await siteArticles(publicDb(), 50) });
