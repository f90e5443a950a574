import type { Incoming } from '../../../indexer/topics/concerns.ts';
import { drawing } from './posts.ts';

const DAY = 86_400_000;
/** Concerns at a time, and the chance that with a post one of them ends and another begins. */
const ACTIVE = 120;
const CHANGE = 0.002;
/** Words of any post that a concern uses, and words of its own. */
const TAKEN = 18;
const OWN = 6;
/** Posts of a concern, words of it in these, and ends of clauses. */
const OF_CONCERN = 0.7;
const OF_ITS_WORDS = 0.4;
const ENDS = 0.12;
/** A middling city's. */
const PER_DAY = 20_000;

/**
 * A stream without end, the same at every run, made of words of real posts: concerns of very different sizes that come and
 * go, each with words of its own; 30 % of the posts are of none. Posts of 12 to 92 words, 39 on average.
 * @param pool words of posts
 */
export function* manyConcerns(count: number, pool: readonly string[]): Generator<Incoming> {
  const draw = drawing(11);
  const any = () => pool[Math.floor(draw() * pool.length)]!;
  let concerns = 0;
  const opened = (): string[] => {
    const id = (concerns += 1);
    return [
      ...Array.from({ length: TAKEN }, any),
      ...Array.from({ length: OWN }, (_, n) => `own${id}of${n}`),
    ];
  };
  const active = Array.from({ length: ACTIVE }, opened);
  let at = Date.UTC(2026, 0, 1);
  for (let id = 1; id <= count; id += 1) {
    at += (DAY / PER_DAY) * 2 * draw();
    if (draw() < CHANGE) active[Math.floor(draw() * ACTIVE)] = opened();
    const concern = draw() < OF_CONCERN ? active[Math.floor(ACTIVE * draw() ** 2)]! : null;
    const words: string[] = [];
    const length = 12 + Math.floor(draw() * draw() * 80);
    for (let n = 0; n < length; n += 1) {
      words.push(concern && draw() < OF_ITS_WORDS ? concern[Math.floor(draw() * concern.length)]! : any());
      if (draw() < ENDS) words.push('');
    }
    yield { id, at, words };
  }
}
