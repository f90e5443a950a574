import type { HandleClientError } from '@sveltejs/kit/hooks';
import { messages } from './lib/messages.ts';

/** What goes wrong in the browser is told in the same words as what goes wrong on the server. */
export const handleError: HandleClientError = ({ kind, error }) => {
  if (kind === 'app') return { message: error.message };
  if (kind === 'framework' && error.status === 404) return { message: messages.errors.notFound };
  reportError(error);
  return { message: messages.errors.inBrowser };
};
