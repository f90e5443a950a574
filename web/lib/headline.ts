import { count, percent } from './format.ts';
import { messages } from './messages.ts';
import type { Comparison, Period } from './overview.ts';

export type HeadlinePart = { text: string; tone?: 'number' | 'negative' };

/** The overview in one sentence: how much, against when, how much of it negative. */
export function headline(
  period: Period,
  total: number,
  negative: number,
  comparison: Comparison,
): HeadlinePart[] {
  const words = messages.overview;
  const past = words.past[period];
  if (total === 0) return [{ text: `${past}${words.noPosts}${words.stop}` }];
  return [
    { text: `${past} ` },
    { text: count(total), tone: 'number' },
    { text: ` ${words.posts}` },
    ...compared(comparison, words.before[period]),
    { text: words.negativeShare },
    { text: percent(negative, total) ?? '', tone: 'negative' },
    { text: words.stop },
  ];
}

function compared(comparison: Comparison, before: string): HeadlinePart[] {
  const words = messages.overview;
  switch (comparison.kind) {
    case 'none':
      return [{ text: words.noComparison }];
    case 'nothing-before':
      return [{ text: words.nothingBefore(before) }];
    case 'level':
      return [{ text: words.level(before) }];
    case 'more':
      return [{ text: words.more(before) }, { text: share(comparison.percent), tone: 'number' }];
    case 'less':
      return [{ text: words.less(before) }, { text: share(comparison.percent), tone: 'number' }];
  }
}

/** From ten times upwards a percentage is harder to read than a multiple. */
function share(value: number): string {
  return value >= 1000 ? messages.overview.times(count(Math.round(value / 100))) : `${value}%`;
}

/** The headline as plain text, for those who do not see it. */
export function plain(parts: HeadlinePart[]): string {
  return parts.map((part) => part.text).join('');
}
