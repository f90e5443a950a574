import type { Step } from './types.ts';

/** Business line, kind of voice, and whether the post has to do with the work at all. */
export const classify: Step = (post) => post;
