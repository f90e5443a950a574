import names from './defaults/class-names.json' with { type: 'json' };

/** Key → name of the business lines of a procuratorate; the order is the one in which pages list them. */
export const lineNames: Readonly<Record<Line, string>> = names.lines;
export type Line = keyof typeof names.lines;

/** Key → name of what somebody wants who writes. */
export const voiceNames: Readonly<Record<keyof typeof names.voices, string>> = names.voices;

/** Key → name of what a post has to do with the work. */
export const relevanceNames: Readonly<Record<keyof typeof names.relevance, string>> = names.relevance;

/** Whether a stored key is one of the lines: keys outlive the program that wrote them. */
export function isLine(key: string): key is Line {
  return Object.hasOwn(lineNames, key);
}

/** Everything that a text can be taken for, by words that speak for it. */
export const classLabels: readonly ClassLabel[] = [lineNames, voiceNames, relevanceNames].flatMap(
  (group) => Object.keys(group) as ClassLabel[],
);
export type ClassLabel = Line | keyof typeof names.voices | keyof typeof names.relevance;

export const labelNames: Readonly<Record<ClassLabel, string>> = {
  ...lineNames,
  ...voiceNames,
  ...relevanceNames,
};

/** What speaks for a class beside words: where counting starts, the kind and length of the draft, its sentiment. */
export const signNames: Readonly<Record<Sign, string>> = names.signs;
export type Sign = keyof typeof names.signs;
