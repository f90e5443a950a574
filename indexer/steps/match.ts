import { watches } from '../../config/defaults.ts';
import type { Step } from './types.ts';

/** The watches whose words occur in title or text: kinds of work and issues, never people. */
export const match: Step = (post) => {
  const text = `${post.title ?? ''}\n${post.text}`;
  return {
    ...post,
    watches: watches.filter(({ any }) => any.some((word) => text.includes(word))).map(({ key }) => key),
  };
};
