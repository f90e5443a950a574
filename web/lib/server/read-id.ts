import { error } from '@sveltejs/kit';
import { messages } from '../messages.ts';

/** An id from an address. What cannot be one is a page that does not exist, not a query that fails. */
export function readId(text: string): number {
  const id = /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0;
  if (id === 0) error(404, messages.errors.notFound);
  return id;
}
