import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Draft } from '../../../store/drafts.ts';
import { draftsOf } from './drafts.ts';

const AT_ONCE = 1_000;

/** Writes drafts down, one on a line, before the clock runs: making them up takes as long as some of the steps. */
export async function writeDrafts(file: string, posts: number): Promise<void> {
  const drafts = draftsOf(posts);
  const out = createWriteStream(file);
  for (let left = posts; left > 0; left -= AT_ONCE) {
    const lines = drafts.next(Math.min(AT_ONCE, left)).map((draft) => `${JSON.stringify(draft)}\n`);
    if (!out.write(lines.join(''))) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

/** Gives the drafts of a file back in order, without holding more than a few of them. */
export function readDrafts(file: string): { next(many: number): Promise<Draft[]> } {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity })[
    Symbol.asyncIterator
  ]();
  let turn: Promise<unknown> = Promise.resolve();
  const read = async (many: number) => {
    const drafts: Draft[] = [];
    while (drafts.length < many) {
      const line = await lines.next();
      if (line.done) break;
      drafts.push(JSON.parse(line.value) as Draft);
    }
    return drafts;
  };
  return {
    next(many) {
      const drafts = turn.then(() => read(many));
      turn = drafts;
      return drafts;
    },
  };
}
