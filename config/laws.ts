import { z } from 'zod';
import lawsFile from './defaults/laws.json' with { type: 'json' };

const name = z.string().min(2);
const day = z.iso.date();

/**
 * Laws as far as quotations of them can be checked; names without the name of the state. The file says where each number is
 * from: only what is certain may stop a release.
 */
export const lawData = z
  .object({
    laws: z.array(
      z.object({
        name,
        also: z.array(name),
        articles: z.int().min(1),
        since: day,
        source: z.enum(['text', 'memory-sure', 'memory']),
      }),
    ),
    /** `since` null: replaced, but from which day on was not looked up. */
    superseded: z.array(z.object({ name, by: name, since: day.nullable() })),
    others: z.array(name),
    /** Before the name of a law: it is that of another place. */
    foreign: z.array(name),
  })
  .parse(lawsFile);

export type Law = (typeof lawData.laws)[number];
