import type { Step } from './types.ts';

/** Business line, kind of voice, and whether the post has to do with the work at all. */
export const classify: Step = (post, { knowledge }) => ({
  ...post,
  ...knowledge.classifier.classify(post.analysed, post.draft.kind, post.sentiment),
});
