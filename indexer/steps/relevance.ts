import type { Step } from './types.ts';

/** What a watch asks for has to do with the work, whatever its words are; an advertisement stays one. */
export const relevance: Step = (post) =>
  post.relevance === 'off-topic' && post.watches.length > 0 ? { ...post, relevance: 'relevant' } : post;
