import { json } from '@sveltejs/kit';
import { ruleSentence } from '../../../../../../indexer/warnings/rule-words.ts';
import type { RuleAnswer } from '../../../../../lib/rule-answer.ts';
import { readRule, ruleAlone } from '../../../../../lib/server/rule-form.ts';
import type { RequestHandler } from './$types';

/** Says what a rule means and what is wrong with it. */
export const POST: RequestHandler = async ({ request }) => {
  const { typed, wrong } = await readRule(await request.formData());
  const rule = ruleAlone(typed);
  const answer: RuleAnswer = { sentence: rule && ruleSentence(rule), wrong, preview: null };
  return json(answer);
};
