import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { randomFrom, type Lesson } from '../../../indexer/sentiment/train.ts';
import { analysed } from '../../../indexer/steps/simplify.ts';
import { fold } from '../../../indexer/text/fold.ts';
import { cutWords } from '../../../indexer/steps/segment.ts';
import { shippedSegmenter } from '../../../indexer/text/segmenter.ts';
import type { Sentiment } from '../../../store/posts.ts';
import { LABELLED, type Corpora, type Labelled } from './corpora.ts';

type Target = Lesson['target'];

const CERTAIN: Record<Sentiment, Target> = {
  negative: [1, 0, 0],
  neutral: [0, 1, 0],
  positive: [0, 0, 1],
};

/** How much a text of each set counts. Sets with three labels count more than sets without neutral posts,
 * whole posts more than sentences; what is of this field most, since there is little of it. */
export const WEIGHTS = {
  virus: 5,
  nlpcc: 3,
  covid: 1,
  weibo: 1,
  blind: 8,
  written: 5,
  titles: 0.3,
  pages: 0.5,
  own: 1,
};

/** What reports is neutral for the most part; which of it is not nobody has told. */
const REPORTED: Target = [0.12, 0.8, 0.08];

/** Of texts with [emoticons], this share is learnt from without them: labels of public sets were made by them. */
const BARE_SHARE = { virus: 0.3, nlpcc: 0.3, covid: 0.3, weibo: 0.7, blind: 0, written: 0 };

/** Variants of each template of our own. */
const VARIANTS = 10;

const EMOTICON = /\[[^[\]\s]{1,8}\]/gu;

/** A text as the steps read it. */
export function read(text: string): Pick<Lesson, 'analysed' | 'words'> {
  const folded = analysed(null, text);
  return { analysed: folded, words: cutWords(folded, shippedSegmenter()) };
}

/** By which two texts are one: as the steps read them, without white space. */
export const keyOf = (text: string): string => analysed(null, text).replace(/\s+/gu, '');

/** By which two texts are nearly one: letters and digits alone, whoever is addressed and whatever is linked to. */
export const nearKeyOf = (text: string): string =>
  fold(text).replace(/https?:\/\/\S+|@[^\s:,@]{1,30}|[^\p{L}\p{N}]/gu, '');

/** Everything that is learnt from, in an order that never changes, but for the texts with these keys (`key` makes them). */
export function lessonsOf(
  corpora: Corpora,
  without: ReadonlySet<string>,
  key = keyOf,
): { lessons: Lesson[]; dropped: number } {
  const random = randomFrom(20260101);
  const lessons: Lesson[] = [];
  let dropped = 0;
  for (const set of LABELLED) {
    for (const { text, label } of corpora[set]) {
      const bare = random() < BARE_SHARE[set];
      if (without.has(key(text))) dropped += 1;
      else
        lessons.push({ ...read(bare ? bareOf(text) : text), target: CERTAIN[label], weight: WEIGHTS[set] });
    }
  }
  for (const set of ['titles', 'pages'] as const) {
    for (const text of corpora[set]) {
      if (without.has(key(text))) dropped += 1;
      else lessons.push({ ...read(text), target: REPORTED, weight: WEIGHTS[set] });
    }
  }
  for (const { text, label } of ownExamples()) {
    lessons.push({ ...read(text), target: CERTAIN[label], weight: WEIGHTS.own });
  }
  return { lessons, dropped };
}

/** A text without [emoticons], unless nothing else is in it. */
export function bareOf(text: string): string {
  const bare = text.replace(EMOTICON, '');
  return bare.trim() === '' ? text : bare;
}

const file = z.object({
  slots: z.record(z.string(), z.array(z.string())),
  negative: z.array(z.string()),
  neutral: z.array(z.string()),
  positive: z.array(z.string()),
});

/** Texts of the kind that public sets lack: reports of cases, complaints and praise, made from templates with slots. */
export function ownExamples(): Labelled[] {
  const path = new URL('../../../config/defaults/sentiment-examples.json', import.meta.url);
  const { slots, ...templates } = file.parse(JSON.parse(readFileSync(path, 'utf8')));
  const random = randomFrom(7);
  const pick = (of: readonly string[]) => of[Math.floor(random() * of.length)] as string;
  const fill = (template: string): string =>
    template.replace(/\{([a-z]+)\}/gu, (_, slot: string) => fill(pick(slots[slot] ?? [''])));
  const made: Labelled[] = [];
  for (const label of ['negative', 'neutral', 'positive'] as const) {
    for (const template of templates[label]) {
      const variants = new Set(Array.from({ length: VARIANTS }, () => fill(template)));
      for (const text of variants) made.push({ text, label });
    }
  }
  return made;
}
