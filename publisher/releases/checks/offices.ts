import { releaseWords } from '../../../config/release-words.ts';
import { inParts, lookFor } from './find-words.ts';
import { distanceUpTo } from './laws.ts';
import { messages } from './messages.ts';
import type { Check, Checked, CheckTools, Found } from './types.ts';

const listed = lookFor(releaseWords.offices, messages.officeWord);
const OFFICE = '人民检察院';
const formalTypes = new Set<Checked['content']['type']>(['legal-document', 'notice', 'work-report']);

/** Names of offices and posts, and their order; the own office under its full name. */
export const offices: Check = {
  key: 'offices',
  run: (checked, tools) => [...listed(checked), ...misspeltOwn(checked, tools), ...shortFirst(checked)],
};

/** One character off the own name, and nobody else's name. */
function misspeltOwn({ parts }: Checked, { office }: CheckTools): Found[] {
  const { name, others } = office;
  if (!name.endsWith(OFFICE) || name.length <= OFFICE.length + 1) return [];
  return inParts(parts, (text) => {
    const found: Omit<Found, 'part'>[] = [];
    for (let at = text.indexOf(OFFICE); at >= 0; at = text.indexOf(OFFICE, at + 1)) {
      const end = at + OFFICE.length;
      const start = end - name.length;
      if (start < 0) continue;
      const quote = text.slice(start, end);
      // The first character decides where a name begins: with another one it may be the end of some longer name.
      if (quote[0] !== name[0] || others.has(quote) || distanceUpTo(quote, name, 1) !== 1) continue;
      found.push({ severity: 'warn', start, end, quote, text: messages.misspeltOffice(quote, name) });
    }
    return found;
  });
}

/** In formal texts the highest office is named in full first. */
function shortFirst({ content, parts }: Checked): Found[] {
  if (!formalTypes.has(content.type)) return [];
  const text = parts.get('document') ?? '';
  const { short, full } = releaseWords.formal;
  const first = short
    .map((word) => ({ word, at: text.indexOf(word) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)[0];
  const named = text.indexOf(full);
  if (!first || (named >= 0 && named < first.at)) return [];
  const { at, word } = first;
  return [
    {
      ...{ severity: 'warn', part: 'document', start: at, end: at + word.length, quote: word },
      text: messages.shortFirst(word, full),
    },
  ];
}
