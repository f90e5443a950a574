import { feedOf } from '../../../../../../lib/server/site-pages.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ request, params }) => feedOf('atom.xml', request, params.key);
