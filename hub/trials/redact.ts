import { z } from 'zod';
import { personalData } from '../../indexer/redaction/find.ts';
import { applyMasks } from '../../indexer/redaction/types.ts';
import { check } from './check.ts';

const given = z.object({ text: z.string() });

/** `{text}` → `{text, replacements: [{start, end, type}]}`: the masked text, and what was masked in the one given, in UTF-16 units. */
export function trial(input: unknown): unknown {
  const { text } = check(given, input);
  const found = personalData(text);
  return {
    text: applyMasks(text, found),
    replacements: found.map(({ start, end, type }) => ({ start, end, type })),
  };
}
