import { acting } from '../../../lib/server/desk.ts';
import type { RequestHandler } from './$types';

/** Somebody is at a page without asking for another, as while writing: the gate has noted that the session is in use. */
export const POST: RequestHandler = ({ locals }) => {
  acting(locals);
  return new Response(null, { status: 204 });
};
