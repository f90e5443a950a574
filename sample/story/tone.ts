import { pickWeighted, type Random } from './random.ts';
import { slowAge } from './streams.ts';
import type { ItemKind, Storyline, Tone } from './types.ts';

/** The tone of one item. Newsrooms stay calmer than people; the slow concern sours as it grows. */
export function drawTone(
  random: Random,
  storyline: Storyline,
  kind: ItemKind,
  at: number,
  anchor: number,
): Tone {
  const article = kind === 'article';
  switch (storyline) {
    case 'noise':
      return 'neutral';
    case 'everyday':
      return article
        ? pickWeighted(random, { negative: 6, neutral: 58, positive: 36 })
        : pickWeighted(random, { negative: 27, neutral: 41, positive: 32 });
    case 'praised':
      return article
        ? pickWeighted(random, { negative: 0, neutral: 35, positive: 65 })
        : pickWeighted(random, { negative: 4, neutral: 16, positive: 80 });
    case 'burst':
      return article
        ? pickWeighted(random, { negative: 25, neutral: 75, positive: 0 })
        : pickWeighted(random, { negative: 74, neutral: 23, positive: 3 });
    case 'slow': {
      const negative = 12 + 58 * Math.min(1, slowAge(at, anchor));
      return article
        ? pickWeighted(random, { negative: negative / 3, neutral: 70, positive: 10 })
        : pickWeighted(random, { negative, neutral: 30, positive: Math.max(6, 50 - negative * 0.65) });
    }
  }
}
