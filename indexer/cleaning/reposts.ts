import { foldInPlace } from '../text/fold.ts';
import { replaceFolded } from './folded.ts';

/** `//@handle:`, `||@handle:`, `RT @handle:`, `转@handle:`; at the end of a post that a platform has cut, without the colon. */
const LINK =
  /(?:\/\/|\|\|) ?@[^\s:@/|]{1,40} ?:? ?|(?<![a-z\p{Script=Han}])(?:rt|转|转发|转自) ?@[^\s:@/|]{1,40} ?: ?/gu;

/** `回复@handle:`, and at the beginning of a line also without the colon. */
const ANSWER =
  /(?:回复|回覆|reply|reply to) ?@[^\s:@,。!?]{1,40} ?:|(?<=^|\n)(?:回复|回覆) ?@[^\s:@,。!?]{1,40}(?=\s|$)/gu;

/** What platforms write when somebody passes a post on and says nothing. */
const SAYS_NOTHING = /^(?:转发微博|转发此微博|快转微博|轻松转发|转发|转|repost|retweet)?[\p{P}\p{Z}\p{S}]*$/u;

/**
 * Of a repost with its chain only the own words; of one without own words the words of the chain, one line each. Nobody's
 * handle is left of either: it is an identity, and says nothing about the matter.
 */
export function withoutChain(text: string): string {
  if (!/[@＠]/u.test(text)) return text;
  const [own = '', ...chain] = split(replaceFolded(text, ANSWER, ''));
  if (chain.length === 0) return own;
  return saysSomething(own) ? own : chain.filter(saysSomething).join('\n');
}

function split(text: string): string[] {
  const parts: string[] = [];
  let done = 0;
  for (const match of foldInPlace(text).matchAll(LINK)) {
    parts.push(text.slice(done, match.index).trim());
    done = match.index + match[0].length;
  }
  parts.push(text.slice(done).trim());
  return parts;
}

function saysSomething(words: string): boolean {
  return /\p{Extended_Pictographic}/u.test(words) || !SAYS_NOTHING.test(foldInPlace(words));
}
