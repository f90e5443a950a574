import type { RequestEvent } from '@sveltejs/kit';
import { hub } from '../hub.ts';
import type { Visit } from './direct.ts';
import { arrivalOf } from './sessions.ts';

/** Where a sign-in without a password comes from. */
export function visitOf(event: RequestEvent): Visit {
  return { arrival: arrivalOf(event), settings: hub().runtime.hub.signIn };
}
