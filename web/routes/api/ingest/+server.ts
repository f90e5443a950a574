import { receive } from '../../../lib/server/push.ts';
import type { RequestHandler } from './$types';

/** What another system sends. The gate has looked at its token. */
export const POST: RequestHandler = ({ locals, request }) => receive(locals.intake, request);
