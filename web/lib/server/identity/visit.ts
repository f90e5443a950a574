import type { RequestEvent } from '@sveltejs/kit';
import { SESSION_HOURS } from '../auth.ts';
import type { Visit } from './direct.ts';

/** Where a sign-in without a password comes from. */
export function visitOf(event: RequestEvent): Visit {
  return {
    address: event.getClientAddress(),
    userAgent: event.request.headers.get('user-agent')?.slice(0, 500) ?? null,
    hours: SESSION_HOURS,
    mayEnter: () => Promise.resolve(true),
  };
}
