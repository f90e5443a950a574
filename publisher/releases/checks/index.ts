import { createHash } from 'node:crypto';
import { NOT_RUN } from '../../../config/release-checks.ts';
import type { ReleaseContent } from '../../../config/release-content.ts';
import { advertising } from './advertising.ts';
import { aiLabel } from './ai-label.ts';
import { duplicate } from './duplicate.ts';
import { lawQuotes } from './laws.ts';
import { limits } from './limits.ts';
import { links } from './links.ts';
import { media } from './media.ts';
import { messages } from './messages.ts';
import { minors } from './minors.ts';
import { offices } from './offices.ts';
import { pendingCase } from './pending-case.ts';
import { personalData } from './personal-data.ts';
import { readRelease, sentenceAt } from './read.ts';
import { secrecy } from './secrecy.ts';
import { secrecyMarks } from './secrecy-marks.ts';
import { sensitiveWords } from './sensitive-words.ts';
import { typeRules } from './type-rules.ts';
import type { Check, Checked, CheckKey, CheckTools, Finding, Found } from './types.ts';
import { wrongWords } from './wrong-words.ts';

/** Every check, in the order of `checkKeys`. */
export const checks: readonly Check[] = [
  personalData,
  minors,
  secrecy,
  secrecyMarks,
  pendingCase,
  typeRules,
  offices,
  lawQuotes,
  wrongWords,
  sensitiveWords,
  advertising,
  aiLabel,
  media,
  links,
  duplicate,
  limits,
];

/**
 * All that the checks find, in their order, and which of them could not run: of those nothing is known, so each of them blocks.
 * @param report told of a check that threw
 */
export async function runChecks(
  content: ReleaseContent,
  tools: CheckTools,
  report: (key: CheckKey, thrown: unknown) => void,
): Promise<Finding[]> {
  const checked = readRelease(content);
  const found = await Promise.all(checks.map((check) => runOne(check, checked, tools, report)));
  return found.flat();
}

async function runOne(
  check: Check,
  checked: Checked,
  tools: CheckTools,
  report: (key: CheckKey, thrown: unknown) => void,
): Promise<Finding[]> {
  try {
    const found = await check.run(checked, tools);
    return once(
      found.map((each) => ({
        ...{ ...each, quote: each.quote.toWellFormed(), check: check.key },
        finding: hashOf(check.key, each, checked),
      })),
    );
  } catch (thrown) {
    report(check.key, thrown);
    const quote = messages.names[check.key];
    const place = { part: 'details' as const, start: null, end: null, quote };
    return [{ check: check.key, severity: 'block', ...place, text: messages.notRun, finding: NOT_RUN }];
  }
}

/**
 * What was found, and the sentence that it stands in, wherever that has moved to: a reason that was given for it holds as
 * long as the text has both.
 */
function hashOf(key: CheckKey, { part, start, end, quote }: Found, { parts }: Checked): string {
  const text = parts.get(part);
  const around = text !== undefined && start !== null && end !== null ? sentenceAt(text, start, end) : null;
  const sentence = around ? text!.slice(around.from, around.to) : '';
  const told = [key, part, quote, sentence].join('\u0000');
  return createHash('sha256').update(told).digest('hex').slice(0, 24);
}

/** The same in the same words is one finding: the first place stands for all. */
function once(found: Finding[]): Finding[] {
  return [...new Map(found.toReversed().map((each) => [each.finding, each])).values()].reverse();
}

/** What keeps a release from going on: what blocks, and warnings that nobody has given a reason for. */
export function blocking(
  findings: readonly Finding[],
  reasons: readonly { check: CheckKey; finding: string }[],
): Finding[] {
  const given = new Set(reasons.map(({ check, finding }) => `${check}:${finding}`));
  return findings.filter(
    ({ check, severity, finding }) => severity === 'block' || !given.has(`${check}:${finding}`),
  );
}
