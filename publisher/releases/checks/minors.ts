import { joined } from './joined.ts';
import { messages } from './messages.ts';
import { sentences } from './read.ts';
import type { Check } from './types.ts';

const SOMEBODY = /\p{Script=Han}某|化名|\d{1,2}周?岁/u;

/**
 * A case whose subject is a minor is not published (案件信息公开规定, article 4; 未成年人保护法, article 103); one told to teach the
 * law, with nothing left that could point at the child, only after somebody has said why.
 */
export const minors: Check = {
  key: 'minors',
  run: (checked, { aboutMinor, personalData }) => {
    const whole = joined(checked);
    if (!aboutMinor(whole.text)) return [];
    const masked = checked.content.type === 'law-by-case' && personalData(whole.text).length === 0;
    const text = masked ? messages.minorMasked : messages.minor;
    const severity = masked ? ('warn' as const) : ('block' as const);
    for (const sentence of sentences(whole.text)) {
      if (!aboutMinor(sentence.text)) continue;
      const place = whole.at(sentence.start, sentence.start + sentence.text.length);
      return [{ severity, ...place, quote: sentence.text, text }];
    }
    // Only sentences together tell of it: with nobody in it, it is a report of a lesson or a visit.
    const somebody = SOMEBODY.test(whole.text);
    if (!checked.ofCase && !somebody) return [];
    const weaker = checked.ofCase && somebody ? severity : ('warn' as const);
    const said = weaker === severity ? text : messages.minorPerhaps;
    return [
      { severity: weaker, part: 'document', start: null, end: null, quote: messages.labels.text, text: said },
    ];
  },
};
