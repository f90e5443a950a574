/** What is wrong with a line of a list; `line` counts from 1. */
export type Problem = { line: number; message: string };

/** A list that people edit as text: one entry on a line, `#` before a remark. */
export type ListKind<Entries> = {
  /** As it ships with the program, in the form in which people edit it. */
  shipped(): string;
  /** Reads every line that it can, and says what is wrong with the others. Never throws. */
  read(body: string): { entries: Entries; problems: Problem[] };
};

/** Enough to mend; more would not be read. */
export const MOST_PROBLEMS = 50;

/** The lines of a list that say something, without their remarks. */
export function linesOf(body: string): { line: number; text: string }[] {
  return body
    .split(/\r\n|[\n\r\u2028\u2029]/u)
    .map((text, at) => ({ line: at + 1, text: text.replace(/(^|\s)#.*$/u, '').trim() }))
    .filter(({ text }) => text !== '');
}

/** Reads line by line; what a line throws as `WrongLine` is what is wrong with it. */
export function readLines<T>(
  body: string,
  most: number,
  tooMany: string,
  read: (text: string, line: number) => T,
): { entries: T[]; problems: Problem[] } {
  const entries: T[] = [];
  const problems: Problem[] = [];
  for (const { line, text } of linesOf(body)) {
    if (problems.length >= MOST_PROBLEMS) break;
    try {
      if (entries.length >= most) throw new WrongLine(tooMany);
      entries.push(read(text, line));
    } catch (wrong) {
      if (!(wrong instanceof WrongLine)) throw wrong;
      problems.push({ line, message: wrong.message });
      if (entries.length >= most) break;
    }
  }
  return { entries, problems };
}

/** A line that cannot be read, in words for whoever wrote it. */
export class WrongLine extends Error {}
