import { sentimentWords } from '../../config/defaults.ts';
import type { Sentiment } from '../../store/posts.ts';
import type { Step } from './types.ts';

const negative = new Set(sentimentWords.negative);
const positive = new Set(sentimentWords.positive);
const negators = new Set(sentimentWords.negators);

/** The longest entry of the lists, in UTF-16 units: nothing longer is looked up. */
const LONGEST = Math.max(...[...negative, ...positive].map((word) => word.length));

/** How far before a word, within its clause, a negator turns it round: "不太满意", "没有得到公正处理". */
const REACH = 3;

/**
 * Feeling by word lists: every listed word weighs one, a negator shortly before turns it round.
 * probability = (strongest + 1) / (negative + positive + 2), the rule of succession: 0.5 where nothing speaks.
 */
export const sentiment: Step = (post) => {
  const { words } = post;
  let negatives = 0;
  let positives = 0;
  // Where the present clause began, or the last listed word ended: the "没有" of "没有回应" negates nothing after it.
  let free = 0;
  for (let at = 0; at < words.length; at += 1) {
    if (words[at] === '') free = at + 1;
    const found = listedAt(words, at);
    if (!found) continue;
    const before = words.slice(Math.max(free, at - REACH), at);
    const turned = !isEmoticon(words[at]) && before.filter(isNegator).length % 2 === 1;
    if (turned === found.isNegative) positives += 1;
    else negatives += 1;
    at += found.length - 1;
    free = at + 1;
  }
  return { ...post, ...decide(negatives, positives) };
};

/** The segmenter leaves negators on the word before: "都不", "并不", "还没". */
const isNegator = (word: string) => negators.has(word) || /[不没未]$/u.test(word);
const isEmoticon = (word: string | undefined) => word?.startsWith('[') === true;

/** A listed word that begins here, also where the segmenter cut it into two or three. */
function listedAt(words: readonly string[], at: number): { isNegative: boolean; length: number } | null {
  let joined = '';
  let best: { isNegative: boolean; length: number } | null = null;
  for (let length = 1; length <= 3 && at + length <= words.length; length += 1) {
    const word = words[at + length - 1];
    if (!word) break;
    joined += word;
    if (joined.length > LONGEST) break;
    if (negative.has(joined)) best = { isNegative: true, length };
    else if (positive.has(joined)) best = { isNegative: false, length };
  }
  return best;
}

function decide(
  negatives: number,
  positives: number,
): { sentiment: Sentiment; sentimentProbability: number } {
  const total = negatives + positives;
  if (negatives === positives)
    return { sentiment: 'neutral', sentimentProbability: total === 0 ? 0.5 : 0.34 };
  const sentiment = negatives > positives ? 'negative' : 'positive';
  return { sentiment, sentimentProbability: (Math.max(negatives, positives) + 1) / (total + 2) };
}
