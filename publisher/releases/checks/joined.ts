import type { PartName } from '../plain.ts';
import type { Checked } from './types.ts';

/** All texts of a release in one, so that who is named in the title is known in the text. */
export type Joined = {
  text: string;
  /** Where a place of the whole stands: its part, and the offsets there. */
  at: (start: number, end: number) => { part: PartName; start: number; end: number };
};

export function joined({ parts }: Pick<Checked, 'parts'>): Joined {
  const begins: { part: PartName; from: number; to: number }[] = [];
  let text = '';
  for (const [part, own] of parts) {
    if (text !== '') text += '\n';
    begins.push({ part, from: text.length, to: text.length + own.length });
    text += own;
  }
  return {
    text,
    at: (start, end) => {
      const { part, from, to } = begins.findLast((each) => each.from <= start)!;
      return { part, start: start - from, end: Math.min(end, to) - from };
    },
  };
}
