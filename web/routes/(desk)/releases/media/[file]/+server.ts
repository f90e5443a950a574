import { acting } from '../../../../../lib/server/desk.ts';
import { serveMedia } from '../../../../../lib/server/media-file.ts';
import type { RequestHandler } from './$types';

/** Files of releases, for whoever may read those. */
export const GET: RequestHandler = ({ locals, params, request }) =>
  serveMedia(acting(locals).db, params.file, request, 'private');
