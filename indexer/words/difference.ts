import { linesOf } from './contract.ts';

/** Lines that say something and are in one version of a list only, in its order. What was only moved is no difference. */
export function listDifference(before: string, after: string): { added: string[]; removed: string[] } {
  const [was, is] = [bag(before), bag(after)];
  const beyond = (of: readonly string[], other: ReadonlyMap<string, number>) => {
    const left = new Map(other);
    return of.filter((line) => {
      const n = left.get(line) ?? 0;
      left.set(line, n - 1);
      return n <= 0;
    });
  };
  return { added: beyond(is.lines, was.counts), removed: beyond(was.lines, is.counts) };
}

function bag(body: string): { lines: string[]; counts: ReadonlyMap<string, number> } {
  const lines = linesOf(body).map(({ text }) => text.replace(/\s+/gu, ' '));
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return { lines, counts };
}
