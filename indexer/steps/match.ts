import type { Step } from './types.ts';

/** The watches of the post's office, and of those above it, that the post matches: kinds of work and issues, never people. */
export const match: Step = (post) => post;
