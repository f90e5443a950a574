const SENTENCE = /[^。！？!?；;\n]+[。！？!?]*/gu;
/** Tags of a microblog beside a sentence are none. */
const TAG = /#[^#\n]{1,60}#|\[[^[\]\s]{1,8}\]/gu;
const FROM = 8;
const UNTIL = 80;
/** An article says at the beginning what it is about. */
const MOST_OF_ONE = 12;
/** Of a sentence's pairs of characters so many may stand in one that was taken before. */
const OVERLAP = 0.4;

export type KeySentence = Readonly<{ postId: number; text: string }>;

/**
 * Up to `most` sentences that are nearest to what all posts of the concern speak of and that do not repeat one another.
 * @param closeness mean cosine of a sentence with the posts
 * @param isFit whether it may be shown
 */
export function keySentences(
  posts: readonly { id: number; text: string }[],
  closeness: (sentence: string) => number,
  isFit: (sentence: string) => boolean,
  most: number,
): KeySentence[] {
  const from = new Map<string, number>();
  for (const { id, text } of posts) {
    let left = MOST_OF_ONE;
    for (const [found] of text.matchAll(SENTENCE)) {
      if ((left -= 1) < 0) break;
      const sentence = found.replace(TAG, '').trim();
      if (sentence.length >= FROM && sentence.length <= UNTIL && !from.has(sentence)) from.set(sentence, id);
    }
  }
  const ranked = [...from].map(([text, postId]) => ({ text, postId, worth: closeness(text) }));
  ranked.sort((a, b) => b.worth - a.worth || (a.text < b.text ? -1 : 1));
  const taken: KeySentence[] = [];
  for (const { text, postId } of ranked) {
    if (taken.length === most) break;
    if (taken.every((other) => overlap(text, other.text) <= OVERLAP) && isFit(text))
      taken.push({ postId, text });
  }
  return taken;
}

/** Part of the one's pairs of characters that stand in the other too. */
function overlap(one: string, other: string): number {
  let common = 0;
  for (let at = 0; at + 1 < one.length; at += 1) if (other.includes(one.slice(at, at + 2))) common += 1;
  return common / (one.length - 1);
}
