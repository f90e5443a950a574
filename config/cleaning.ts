import { z } from 'zod';
import cleaningFile from './defaults/cleaning.json' with { type: 'json' };

const part = z.string().min(1);
/** `needs`: a text that holds none of these words need not be tried. */
const rules = z.array(z.object({ what: part, needs: z.array(part), pattern: part }));

/** What texts bring along that nobody wrote, and how damage in them is told; the patterns are for folded text. */
export const cleaning = z
  .object({
    /** Whole lines. */
    lines: rules,
    /** Anywhere in a line. */
    inside: rules,
    /** Beginnings of addresses, without their scheme, that say nothing or lead to a person. */
    links: z.array(part),
    /** Names that are put into other people's pages, what hangs on them, and words of texts that are about such things. */
    injected: z.object({ brands: z.array(part), tails: z.array(part), about: part }),
    /** Between `before` and `after` there was a number. */
    lost: z.object({ needs: z.array(part), between: z.array(z.object({ before: part, after: part })) }),
    /** Of what a title consists that is a telephone number, and what stands where a title is missing. */
    titles: z.object({ hotline: z.array(part), furniture: z.array(part) }),
  })
  .parse(cleaningFile);
