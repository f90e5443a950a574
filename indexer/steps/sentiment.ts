import { chosen } from '../sentiment/chosen.ts';
import type { Step } from './types.ts';

/** What the post feels like, by the model that ships with the program and what was learnt here. */
export const sentiment: Step = (post, { knowledge }) => {
  const found = knowledge.sentiment.judge(post.analysed, post.words);
  const label = chosen(found);
  return { ...post, sentiment: label, sentimentProbability: found[label] };
};
