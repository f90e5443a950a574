import { gunzipSync } from 'node:zlib';
import { steps, type Finished } from '../../../indexer/warnings/spread-rules.ts';
import { bytesOf, dataAt } from './data.ts';

/** One post: when it was written (milliseconds since 1970), and the seconds after which each repost came, ascending. */
export interface Cascade {
  id: string;
  at: number;
  after: readonly number[];
}

/** All of CED, in order of time. */
export function readCascades(): Cascade[] {
  const lines = gunzipSync(bytesOf(dataAt('cascades/ced.jsonl.gz')))
    .toString()
    .trim()
    .split('\n');
  return lines
    .map((line) => JSON.parse(line) as { id: string; time: number; offsets: number[] })
    .map(({ id, time, offsets }) => ({
      id,
      at: time * 1000,
      after: offsets.map((seconds) => Math.max(0, seconds)).sort((a, b) => a - b),
    }))
    .sort((a, b) => a.at - b.at);
}

/** What remains of one that has ended. */
export function finished({ after }: Cascade): Finished {
  return {
    size: after.length,
    after: steps.filter((count) => count <= after.length).map((count) => after[count - 1] ?? 0),
  };
}
