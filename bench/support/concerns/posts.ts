import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { topicWords } from '../../../indexer/topics/words.ts';
import { shippedSegmenter } from '../../../indexer/text/segmenter.ts';
import { jsonLines } from '../near-duplicates/data.ts';

/** A post with what it is known to be about. */
export type Labelled = { id: number; at: number; words: string[]; label: string };

const BOARDS = join(import.meta.dirname, '../../../../shared/data/hot-search/hourly-2025Q1.tsv.gz');

/**
 * Posts of event hashtags; all hashtags are cut out of the texts, and so is the label where it stands without its signs. The
 * time is the day: the file knows no other, and within a day its order would give the label away.
 */
export function eventPosts(): Labelled[] {
  const segmenter = shippedSegmenter();
  return jsonLines('events/posts.jsonl').map((row, id) => {
    const { day, label, text } = row as { day: string; label: string; text: string };
    const bare = text.replace(/#[^#\n]{1,60}#/gu, ' ').replaceAll(label, ' ');
    return { id, at: Date.parse(`${day}T00:00:00+08:00`), words: topicWords(null, bare, segmenter), label };
  });
}

/** A post that is of no concern has no label. */
export type Written = { id: number; at: number; words: string[]; label: string | null };

/**
 * Posts of a month that were written for this by somebody who had not seen the program: concerns, and as much of none.
 * @param name written: the program was developed with them; kept-out: nobody looked at them
 */
export function writtenPosts(name: string): Written[] {
  const segmenter = shippedSegmenter();
  const lines = readFileSync(join(import.meta.dirname, `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line, id) => {
    const { at, title, text, concern } = JSON.parse(line) as {
      at: string;
      title: string | null;
      text: string;
      concern: string | null;
    };
    return { id, at: Date.parse(at), words: topicWords(title, text, segmenter), label: concern };
  });
}

/** Hourly boards of hot-search titles of some months ("2025-01"), each title as often as it stood on one. */
export function boardTitles(months: readonly string[]): { posts: Labelled[]; titles: string[] } {
  const segmenter = shippedSegmenter();
  const rows = gunzipSync(readFileSync(BOARDS)).toString('utf8').trim().split('\n').slice(1);
  const known = new Map<string, string[]>();
  const titles: string[] = [];
  const posts = rows
    .filter((row) => months.some((month) => row.startsWith(month)))
    .map((row, id) => {
      const [hour, , title = '', category = ''] = row.split('\t');
      const words = known.get(title) ?? topicWords(null, title, segmenter);
      known.set(title, words);
      titles.push(title);
      return { id, at: Date.parse(`${hour}:00:00+08:00`), words, label: category };
    });
  return { posts, titles };
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function drawing(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

export function shuffled<T>(list: readonly T[], seed: number): T[] {
  const [out, draw] = [[...list], drawing(seed)];
  for (let n = out.length - 1; n > 0; n -= 1) {
    const other = Math.floor(draw() * (n + 1));
    [out[n], out[other]] = [out[other] as T, out[n] as T];
  }
  return out;
}
