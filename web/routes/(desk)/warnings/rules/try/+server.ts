import { json } from '@sveltejs/kit';
import { suggestedLevels } from '../../../../../../config/warning-levels.ts';
import { previewRule } from '../../../../../../indexer/warnings/preview.ts';
import { ruleSentence } from '../../../../../../indexer/warnings/rule-words.ts';
import { pulseSeries } from '../../../../../../store/pulse.ts';
import { shanghaiMidnight } from '../../../../../lib/format.ts';
import { ruleMessages } from '../../../../../lib/messages/rules.ts';
import { acting } from '../../../../../lib/server/desk.ts';
import { field } from '../../../../../lib/server/form.ts';
import { hub } from '../../../../../lib/server/hub.ts';
import { readRule, ruleAlone } from '../../../../../lib/server/rule-form.ts';
import type { RuleAnswer } from '../../../../../lib/rule-answer.ts';
import type { RequestHandler } from './$types';

/** Previews that one process runs at the same time: each keeps the database and a processor busy for some seconds. */
const AT_ONCE = 2;
const DAYS = 90;
let running = 0;

/** Says what a rule means and what is wrong with it; with `run`, also what it would have done. */
export const POST: RequestHandler = async ({ locals, request }) => {
  const { db, offices } = acting(locals);
  const sent = await request.formData();
  const { typed, wrong } = await readRule(sent);
  const rule = ruleAlone(typed);
  const answer: RuleAnswer = { sentence: rule && ruleSentence(rule), wrong, preview: null };
  const level = suggestedLevels.find((each) => each === typed.level);
  if (field(sent, 'run') !== '1' || !rule || !level) return json(answer);
  const office = Number(field(sent, 'office'));
  if (offices !== null && !offices.includes(office))
    return json({ message: ruleMessages.form.noOffice }, { status: 404 });
  if (running >= AT_ONCE) return json({ message: ruleMessages.preview.busy }, { status: 429 });
  running += 1;
  try {
    const now = new Date();
    const from = shanghaiMidnight(now, 1 - DAYS);
    const [found, volume] = await Promise.all([
      previewRule(db, office, { name: typed.name, level, rule }, now, DAYS),
      pulseSeries(db, [office], { from, to: shanghaiMidnight(now, 1), step: 'day' }),
    ]);
    const preview: RuleAnswer['preview'] = {
      days: found.days,
      per30Days: found.per30Days,
      level,
      leftOut: found.leftOut,
      volume: volume.map((day) => ({
        at: day.at.toISOString(),
        posts: day.negative + day.neutral + day.positive,
      })),
      suggestions: found.suggestions.map((each) => ({
        at: each.at.toISOString(),
        title: each.subject.title,
        level: each.level,
        why: each.why,
      })),
    };
    return json({ ...answer, preview });
  } catch (err) {
    hub().log.error({ err }, 'preview of a rule');
    return json({ message: ruleMessages.preview.broken }, { status: 500 });
  } finally {
    running -= 1;
  }
};
