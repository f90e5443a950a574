import type { Sentiment } from '../../store/posts.ts';
import type { Sentiments } from './types.ts';

/** The most probable of the three; of equals neutral. */
export function chosen({ negative, neutral, positive }: Sentiments): Sentiment {
  if (neutral >= negative && neutral >= positive) return 'neutral';
  return negative >= positive ? 'negative' : 'positive';
}
