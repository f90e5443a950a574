import {
  lineNames,
  voiceNames,
  classLabels,
  type ClassLabel,
  type Line,
  type Sign,
} from '../../config/class-names.ts';
import type { PostKind } from '../../store/drafts.ts';
import type { Relevance, Sentiment, Voice } from '../../store/posts.ts';
import { Automaton } from '../text/automaton.ts';

/** A word (its parts, which follow one another) or a sign that speaks for a class, or against it. */
export type ClassRule = { label: ClassLabel; weight: number } & (
  { parts: readonly string[] } | { sign: Sign }
);

export type Classified = { line: Line | null; voice: Voice | null; relevance: Relevance };

export type Classifier = {
  /** @param text as analysed: simplified, folded, lower case; title and text parted by a line break */
  classify(text: string, kind: PostKind, sentiment: Sentiment): Classified;
};

/** What a text is stands at its beginning. In UTF-16 units. */
const READ = 1_000;

/** How far apart the parts of one word may stand. */
const APART = 12;

/** A word in the title says more than in the text. */
const TITLE = 1.5;

const LONG = 300;
const SHORT = 30;

/** How much of what speaks for the work speaks against an advertisement: swindlers are written about in their own words. */
const AGAINST_ADVERTISEMENT = 0.5;

const LINES = Object.keys(lineNames) as Line[];
const VOICES = Object.keys(voiceNames) as Voice[];
const AT = Object.fromEntries(classLabels.map((label, at) => [label, at])) as Record<ClassLabel, number>;

/**
 * The classes for which most speaks: of each class the weights of all words and signs that are found, each word once, added
 * to where its counting starts; the greatest above zero counts.
 */
export function makeClassifier(rules: readonly ClassRule[]): Classifier {
  const signs = {
    start: [],
    article: [],
    post: [],
    comment: [],
    long: [],
    short: [],
    negative: [],
    positive: [],
  } as Record<Sign, { label: number; weight: number }[]>;
  const words: { label: number; weight: number; parts: readonly string[] }[] = [];
  for (const rule of rules) {
    const [label, { weight }] = [AT[rule.label], rule];
    if ('sign' in rule) signs[rule.sign].push({ label, weight });
    else if (rule.parts.length > 0) words.push({ label, weight, parts: rule.parts });
  }
  const scores = new Float64Array(classLabels.length);
  const scan = wordScan(words, scores);
  const add = (sign: Sign) => {
    for (const { label, weight } of signs[sign]) scores[label]! += weight;
  };
  const best = <T extends ClassLabel>(labels: readonly T[]): T | null => {
    let found: T | null = null;
    for (const label of labels)
      if (scores[AT[label]]! > (found === null ? 0 : scores[AT[found]]!)) found = label;
    return found;
  };
  return {
    classify(text, kind, sentiment) {
      scores.fill(0);
      add('start');
      add(kind);
      if (text.length > LONG) add('long');
      else if (text.length < SHORT) add('short');
      if (sentiment !== 'neutral') add(sentiment);
      scan(text.length > READ ? text.slice(0, READ) : text);
      const line = best(LINES);
      const work = Math.max(0, scores[AT.relevant]!) + (line === null ? 0 : scores[AT[line]]!);
      if (scores[AT.advertisement]! > AGAINST_ADVERTISEMENT * work) return OTHER.advertisement;
      if (scores[AT['off-topic']]! > work) return OTHER['off-topic'];
      return { line, voice: best(VOICES), relevance: 'relevant' };
    },
  };
}

/** What has nothing to do with the work belongs to no line of it. */
const OTHER = {
  advertisement: Object.freeze({ line: null, voice: null, relevance: 'advertisement' }),
  'off-topic': Object.freeze({ line: null, voice: null, relevance: 'off-topic' }),
} as const satisfies Record<string, Classified>;

/** Adds the weights of the words of a text to the scores. Holds the room that one walk needs, so that a text costs none. */
function wordScan(
  words: readonly { label: number; weight: number; parts: readonly string[] }[],
  scores: Float64Array,
): (text: string) => void {
  const patterns = new Map<string, { word: number; part: number }[]>();
  words.forEach(({ parts }, word) => {
    parts.forEach((pattern, part) => {
      patterns.set(pattern, [...(patterns.get(pattern) ?? []), { word, part }]);
    });
  });
  const texts = [...patterns.keys()];
  const automaton = new Automaton(texts);
  // Which parts of which words a pattern is: those of pattern p stand from first[p] to first[p + 1].
  const uses = [...patterns.values()];
  const first = new Int32Array(uses.length + 1);
  uses.forEach(({ length }, at) => (first[at + 1] = first[at]! + length));
  const useWord = Int32Array.from(uses.flat(), ({ word }) => word);
  const usePart = Int32Array.from(uses.flat(), ({ part }) => part);
  const lengths = Int32Array.from(texts, (text) => text.length);
  const labels = Int32Array.from(words, ({ label }) => label);
  const weights = Float64Array.from(words, ({ weight }) => weight);
  const counts = Int32Array.from(words, ({ parts }) => parts.length);
  // Of the present text: how many parts of each word were found, and where the last of them ended.
  const seen = new Int32Array(words.length);
  const done = new Int32Array(words.length);
  const last = new Int32Array(words.length);
  let walk = 0;
  let titleEnd = 0;
  const hit = (pattern: number, end: number): void => {
    for (let use = first[pattern]!; use < first[pattern + 1]!; use += 1) {
      const word = useWord[use]!;
      const part = usePart[use]!;
      if (seen[word] !== walk) {
        seen[word] = walk;
        done[word] = 0;
      }
      const found = done[word]!;
      if (found === counts[word]!) continue;
      const start = end - lengths[pattern]!;
      const isNext = part === found && (part === 0 || (start >= last[word]! && start - last[word]! <= APART));
      // The first part may stand nearer to the second than where it was found before.
      if (!isNext && part !== 0) continue;
      done[word] = part + 1;
      last[word] = end;
      if (part + 1 === counts[word]!)
        scores[labels[word]!]! += weights[word]! * (end <= titleEnd ? TITLE : 1);
    }
  };
  return (text) => {
    walk += 1;
    titleEnd = text.indexOf('\n');
    automaton.scan(text, hit);
  };
}
