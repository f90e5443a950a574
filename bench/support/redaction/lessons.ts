import { counterExamples } from './counter-examples.ts';
import { NameMaker, seeded } from './made-names.ts';
import { deriveTables } from './name-tables.ts';
import { packed, trainNames, type Lesson, type Named } from './name-training.ts';
import named from './named.json' with { type: 'json' };
import { plainTexts, postsWithoutNames } from './unmarked-texts.ts';
import type { NameTables } from '../../../indexer/redaction/naming/tables.ts';

/** Texts beside those with names, how many and how much they weigh. Chosen by leaving out one set after the other. */
const PLAIN = 6_000;
const EACH = 20;
const OF_PLAIN = 0.3;
const OF_POSTS = 0.4;
const OF_COUNTER = 0.5;
const SEED = 7;

/** Sets of texts with names, by who wrote them. */
export const sets: ReadonlyMap<string, readonly Named[]> = new Map(
  Object.entries(named.sets as unknown as Record<string, Named[]>),
);

/**
 * A model of all sets but some, of texts without marks and of counter-examples. The same data gives the same model, byte for
 * byte; without ../shared/data it learns from the sets alone.
 */
export function learnNames(without: readonly string[] = []): NameTables {
  const ofSets = [...sets].filter(([name]) => !without.includes(name)).flatMap(([, texts]) => texts);
  const inSets = ofSets.flatMap(({ text, names }) => [
    ...new Set(names.map(([start, end]) => text.slice(start, end))),
  ]);
  const { tables, counts } = deriveTables(inSets);
  const random = seeded(SEED);
  const weigh = (lessons: readonly Lesson[], weight: number) =>
    lessons.map((lesson) => ({ ...lesson, weight }));
  const lessons = [
    ...ofSets,
    ...weigh(postsWithoutNames(), OF_POSTS),
    ...weigh(plainTexts(PLAIN), OF_PLAIN),
    ...weigh(counterExamples(EACH, new NameMaker(counts, random), random), OF_COUNTER),
  ];
  return packed(tables, trainNames(lessons, tables, counts));
}
