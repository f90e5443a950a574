import { divisions } from '../../config/defaults.ts';
import type { Step } from './types.ts';

/** The division named first in title or text (GB/T 2260 code), told from the words and never from a person. */
export const place: Step = (post) => {
  const text = post.analysed;
  let best: { code: string; at: number } | null = null;
  for (const { code, names } of divisions) {
    for (const name of names) {
      const at = text.indexOf(name);
      if (at >= 0 && (best === null || at < best.at)) best = { code, at };
    }
  }
  return { ...post, place: best?.code ?? null };
};
