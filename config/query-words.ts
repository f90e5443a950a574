import { z } from 'zod';
import file from './defaults/query-words.json' with { type: 'json' };

/** Fields whose words are looked for in a part of the post; and fields that have one of a set of values. */
export const textFields = ['title', 'text'] as const;
export const valueFields = ['outlet', 'source-kind', 'kind', 'place', 'line', 'voice', 'sentiment'] as const;
export type TextField = (typeof textFields)[number];
export type ValueField = (typeof valueFields)[number];

const words = z.array(z.string().min(1));
const table = z.record(z.string(), words);

/** Other names of what a query is made of: operators, fields and, for some fields, what they may be. */
const queryWords = z
  .object({
    operators: z.object({ and: words, or: words, not: words, near: words }),
    fields: z.partialRecord(z.enum([...textFields, ...valueFields]), words),
    values: z.partialRecord(z.enum(valueFields), table),
  })
  .parse(file);

/** Every name → what it names. */
function byName<T extends string>(named: Partial<Record<T, readonly string[]>>): ReadonlyMap<string, T> {
  const all = Object.entries(named) as [T, readonly string[]][];
  return new Map(all.flatMap(([key, others]) => [key, ...others].map((name): [string, T] => [name, key])));
}

export const operatorNames = byName(queryWords.operators);
export const fieldNames = byName<TextField | ValueField>({
  ...queryWords.fields,
});
/** Of the fields that have a set of values: every name of a value → the value as posts have it. */
export const valueNames: Readonly<Partial<Record<ValueField, ReadonlyMap<string, string>>>> =
  Object.fromEntries(Object.entries(queryWords.values).map(([field, values]) => [field, byName(values)]));
