import { robots } from '../../../../publisher/site/sitemaps.ts';
import { site } from '../../../lib/server/site.ts';
import { siteDocument } from '../../../lib/server/site-pages.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ request }) => siteDocument(request, robots(site()), 'text/plain', null);
