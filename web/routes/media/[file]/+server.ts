import { publicDb } from '../../../lib/server/desk.ts';
import { serveMedia } from '../../../lib/server/media-file.ts';
import type { RequestHandler } from './$types';

/** Files of the articles that stand on the website, for everybody. */
export const GET: RequestHandler = ({ params, request }) =>
  serveMedia(publicDb(), params.file, request, 'public');
