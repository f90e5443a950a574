import { keyOf } from '../../store/drafts.ts';
import { identityOf } from '../../store/posts.ts';
import type { Step } from './types.ts';

/** Under what a source's item is stored once: its own id where it has one, else its canonical address. */
export const identify: Step = (post) => ({
  ...post,
  identity: identityOf(keyOf(post.draft)),
});
