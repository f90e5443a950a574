import { LABELS } from '../../../indexer/sentiment/model.ts';
import type { Sentiment } from '../../../store/posts.ts';

/** counts[right label][judged label] */
export type Confusion = Record<Sentiment, Record<Sentiment, number>>;

export function confusion(rows: readonly { label: Sentiment; judged: Sentiment }[]): Confusion {
  const none = () => ({ negative: 0, neutral: 0, positive: 0 });
  const counts: Confusion = { negative: none(), neutral: none(), positive: none() };
  for (const { label, judged } of rows) counts[label][judged] += 1;
  return counts;
}

/** Mean over labels of F1 = 2·right / (said + there), 0 where a label is neither. */
export function macroF1(counts: Confusion, labels: readonly Sentiment[] = LABELS): number {
  const each = labels.map((label) => {
    const there = LABELS.reduce((sum, judged) => sum + counts[label][judged], 0);
    const said = LABELS.reduce((sum, right) => sum + counts[right][label], 0);
    return there + said === 0 ? 0 : (2 * counts[label][label]) / (there + said);
  });
  return each.reduce((sum, f1) => sum + f1, 0) / labels.length;
}

/** Rows: what is right; columns: what was judged. */
export function table(counts: Confusion): string {
  const line = (cells: readonly (string | number)[]) =>
    cells.map((cell) => String(cell).padStart(10)).join('');
  return [
    line(['', ...LABELS]),
    ...LABELS.map((label) => line([label, ...LABELS.map((judged) => counts[label][judged])])),
  ].join('\n');
}
