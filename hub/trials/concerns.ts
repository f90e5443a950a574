import { z } from 'zod';
import { tidy } from '../../indexer/cleaning/characters.ts';
import { Concerns } from '../../indexer/topics/concerns.ts';
import { topicWords } from '../../indexer/topics/words.ts';
import { shippedSegmenter } from '../../indexer/text/segmenter.ts';
import { check } from './check.ts';
import type { TrialOfAll } from './index.ts';

/** `2026-11-22T08:00:00+08:00`, or without a zone or a time of day, which is then read as Asia/Shanghai. */
const written = z
  .string()
  .transform((text) => (/^\d{4}-\d\d-\d\d$/u.test(text) ? `${text}T00:00:00` : text.replace(' ', 'T')))
  .transform((text) => (/(?:Z|[+-]\d\d:?\d\d)$/u.test(text) ? text : `${text}+08:00`))
  .pipe(z.iso.datetime({ offset: true, local: true }))
  .transform((text) => Date.parse(text));

const post = z.object({
  id: z.union([z.string(), z.number()]),
  /** Or milliseconds since 1970. */
  at: z.union([z.number(), written]),
  text: z.string(),
  title: z.string().nullable().default(null),
  /** Where it stands: posts are grouped across sources, so it changes nothing. */
  source: z.string().optional(),
});

/** As much as is analysed of any post, and more; in UTF-16 units. */
const MOST = 200_000;

/**
 * Posts, in any order → to which concern each belongs, by number, when all have been read: then later posts can no longer
 * change it. A post that is like no other has a number of its own.
 */
export function begin(): TrialOfAll {
  const concerns = new Concerns();
  const ids: (string | number)[] = [];
  const concernOf: (number | null)[] = [];
  const take = () => {
    const { merged, moved } = concerns.take();
    const into = new Map(merged.map((one) => [one.concern, one.into]));
    if (into.size > 0)
      concernOf.forEach((concern, n) => {
        let now = concern;
        while (now !== null && into.has(now)) now = into.get(now)!;
        concernOf[n] = now;
      });
    for (const one of moved) concernOf[one.post] = one.to;
  };
  return {
    add(input) {
      const { id, at, text, title } = check(post, input);
      const words = topicWords(
        title === null ? null : tidy(title, MOST),
        tidy(text, MOST),
        shippedSegmenter(),
      );
      concerns.add({ id: ids.length, at, words });
      ids.push(id);
      concernOf.push(null);
      // Read as fast as they come: by the clock nothing is due.
      if (!concerns.due(0)) return;
      concerns.settle(0);
      take();
    },
    end() {
      concerns.settle(0);
      take();
      return ids.map((id, n) => ({ id, concern: concernOf[n] ?? concerns.open() }));
    },
  };
}
