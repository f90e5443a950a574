import { z } from 'zod';
import { tidy } from '../../indexer/cleaning/characters.ts';
import { defaultKnowledge } from '../../indexer/knowledge.ts';
import { chosen } from '../../indexer/sentiment/chosen.ts';
import { cutWords } from '../../indexer/steps/segment.ts';
import { analysed } from '../../indexer/steps/simplify.ts';
import type { Sentiment } from '../../store/posts.ts';
import { check } from './check.ts';

const question = z.object({ text: z.string(), title: z.string().nullable().default(null) });

/** As much as is analysed of any post, and more; in UTF-16 units. */
const MOST = 200_000;

/** A text → what it feels like, with the probabilities of all three; they sum to 1. */
export function trial(input: unknown): {
  label: Sentiment;
  negative: number;
  neutral: number;
  positive: number;
} {
  const { title, text } = check(question, input);
  const knowledge = defaultKnowledge();
  const folded = analysed(title === null ? null : tidy(title, MOST), tidy(text, MOST));
  const { negative, neutral, positive } = knowledge.sentiment.judge(
    folded,
    cutWords(folded, knowledge.segmenter),
  );
  return { label: chosen({ negative, neutral, positive }), negative, neutral, positive };
}
