import type { Step } from './types.ts';

/**
 * The division that the post is about (GB/T 2260): what title and text name, never where somebody comes from or writes
 * from. Where they name none, a source of the office's own province speaks of its own place.
 */
export const place: Step = (post, context) => {
  const { code, named } = context.knowledge.places.find(post.analysed, post.words, context);
  if (named) return { ...post, place: code };
  const { sourcePlace, officePlace } = context;
  const isNear = officePlace === null || sourcePlace?.slice(0, 2) === officePlace.slice(0, 2);
  return { ...post, place: isNear ? sourcePlace : null };
};
