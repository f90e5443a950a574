import { z } from 'zod';
import commonPasswordsFile from './defaults/common-passwords.json' with { type: 'json' };
import watchesFile from './defaults/watches.json' with { type: 'json' };
import { subjectKinds } from './subject-kinds.ts';

/**
 * The data in `defaults/`, checked when it is first read. Lists and weights are data, not code: an office can change
 * them without touching a program.
 */
const word = z.string().min(1);

/** What a password must not be: one of these words with digits and signs around it, or the whole of it. */
export const commonPasswords = z
  .object({ bases: z.array(word), whole: z.array(word) })
  .parse(commonPasswordsFile);

/** Kinds of work and issues that are watched from the start; the queries are in the language of indexer/watches/. */
export const watches = z
  .array(
    z.strictObject({
      key: word,
      name: word,
      subjectKind: z.enum(subjectKinds),
      subject: word,
      query: word,
    }),
  )
  .parse(watchesFile);
