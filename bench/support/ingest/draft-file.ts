import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Draft } from '../../../store/drafts.ts';
import { draftsOf } from './drafts.ts';

/**
 * Writes drafts down, those of one visit on a line, before the clock runs: making them up takes as long as some of the
 * steps.
 */
export async function writeDrafts(file: string, posts: number, visit: number): Promise<void> {
  const drafts = draftsOf(posts);
  const out = createWriteStream(file);
  for (let left = posts; left > 0; left -= visit) {
    const line = `${JSON.stringify(drafts.next(Math.min(visit, left)))}\n`;
    if (!out.write(line)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

/** Gives the visits of a file back in order, without holding more than a few of them; null after the last one. */
export function readDrafts(file: string): { next(): Promise<Draft[] | null> } {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity })[
    Symbol.asyncIterator
  ]();
  return {
    async next() {
      const line = await lines.next();
      return line.done ? null : (JSON.parse(line.value) as Draft[]);
    },
  };
}
