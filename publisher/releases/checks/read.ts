import type { ReleaseContent } from '../../../config/release-content.ts';
import { partsOf, type PartName } from '../plain.ts';
import type { Checked } from './types.ts';

const caseTypes = new Set<ReleaseContent['type']>([
  'case-information',
  'legal-document',
  'law-by-case',
  'typical-case',
]);

/** Prepares a release for the checks: each text once. */
export function readRelease(content: ReleaseContent): Checked {
  const { details, type } = content;
  const parts = new Map(Object.entries(partsOf(content)) as [PartName, string][]);
  // Made from title and summary: what is wrong there is said there.
  if (details.weibo.text === null) parts.delete('weibo');
  for (const [part, text] of parts) if (text === '') parts.delete(part);
  return { content, parts, ofCase: caseTypes.has(type) || details.caseStage !== 'none' };
}

const END = /[。！？!?；;\n]/u;
/** A "sentence" of a list without signs would be endless. */
const FARTHEST = 120;

/** The sentence around a place of a text, at most `FARTHEST` units to each side. */
export function sentenceAt(text: string, start: number, end: number): { from: number; to: number } {
  let from = start;
  while (from > 0 && start - from < FARTHEST && !END.test(text[from - 1]!)) from -= 1;
  let to = end;
  while (to < text.length && to - end < FARTHEST && !END.test(text[to]!)) to += 1;
  return { from, to };
}

/** Sentences of a text with where they begin. */
export function* sentences(text: string): Generator<{ start: number; text: string }> {
  let start = 0;
  for (let at = 0; at <= text.length; at += 1) {
    if (at < text.length && !END.test(text[at]!)) continue;
    if (at > start) yield { start, text: text.slice(start, at) };
    start = at + 1;
  }
}
