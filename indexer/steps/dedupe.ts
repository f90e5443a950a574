import { sketchOf } from '../dedupe/sketch.ts';
import type { Step } from './types.ts';

/**
 * What texts have in common that repeat each other although a title was changed, a source line added or a part cut: the
 * store finds by it what is there already. The title has no say: it is what is changed first.
 */
export const dedupe: Step = (post) => ({
  ...post,
  sketch: sketchOf(post.analysed.slice(post.analysed.indexOf('\n') + 1)),
});
