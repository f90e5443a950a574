import { releaseWords } from '../../../config/release-words.ts';
import { inParts, WordFinder } from './find-words.ts';
import { messages } from './messages.ts';
import { sentences } from './read.ts';
import type { Check, Checked, Found } from './types.ts';

const evidence = new WordFinder(releaseWords.caseEvidence);
const facts = new WordFinder(releaseWords.caseFacts);
const convicted = new WordFinder(releaseWords.convicted, releaseWords.convictedUnless);
const stages = new WordFinder(releaseWords.stages);
const decided = new WordFinder(releaseWords.decided);
const accused = new WordFinder(releaseWords.people.accused);
/** Somebody is meant, not cases in general. */
const SOMEBODY = /[\p{Script=Han}]某/u;

/**
 * Of a case in hand neither facts nor evidence are published (检察机关案件信息公开规定), and nobody is called guilty before the
 * judgment (刑事诉讼法, article 12). A text that looks like one of a case in hand says which stage it is at.
 */
export const pendingCase: Check = {
  key: 'pending-case',
  run: (checked) => {
    const stage = checked.content.details.caseStage;
    if (stage === 'none') return looksPending(checked);
    return stage === 'pending' ? told(checked) : [];
  },
};

function told({ parts }: Checked): Found[] {
  return inParts(parts, (text) => [
    ...places(evidence, text, 'block', messages.caseEvidence),
    ...places(convicted, text, 'block', messages.convicted),
    ...places(facts, text, 'warn', messages.caseFact),
  ]);
}

function places(
  finder: WordFinder,
  text: string,
  severity: Found['severity'],
  say: (word: string) => string,
): Omit<Found, 'part'>[] {
  return [...finder.find(text)].map(({ word, start, end }) => ({
    ...{ severity, start, end, quote: word, text: say(word) },
  }));
}

/** The first sentence that tells of a step against somebody, where nothing in the text was decided. */
function looksPending({ parts }: Checked): Found[] {
  const text = parts.get('document') ?? '';
  if (has(decided, text)) return [];
  for (const { start, text: sentence } of sentences(text)) {
    if (!SOMEBODY.test(sentence) || !has(accused, sentence)) continue;
    const stage = stages.find(sentence).next().value;
    if (!stage) continue;
    const at = { start: start + stage.start, end: start + stage.end };
    return [{ severity: 'warn', part: 'document', ...at, quote: stage.word, text: messages.looksPending }];
  }
  return [];
}

const has = (finder: WordFinder, text: string) => !finder.find(text).next().done;
