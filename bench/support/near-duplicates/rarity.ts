import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { CELLS, cellOf, levelOf } from '../../../indexer/dedupe/rarity.ts';
import { grams } from '../../../indexer/dedupe/similarity.ts';
import { fold } from '../../../indexer/text/fold.ts';
import { chinesePages } from '../../extraction.ts';
import { jsonLines, textOf } from './data.ts';

const FILE = join(import.meta.dirname, '../../../config/defaults/rarity.json');
/** Long texts are counted in pieces of so many units, about as long as a post. */
const PIECE = 200;

const FROM =
  'How many of the texts hold a gram, by hash (indexer/dedupe/rarity.ts): deflated bytes. Counted by `npm run bench -- ' +
  'near-duplicates --derive` in ../shared/data: texts of the Chinese pages (DAnIEL) and of judgments (CAIL2019) in pieces of ' +
  '200 units, posts of events (COVID-19-Weibo-data) and for sentiment (SMP2020 virus train, weibo2018). No text can be read from it.';

/** Counts anew in how many texts each gram occurs, and writes the table that ships with the program. */
export function deriveRarity(): { texts: number; grams: number } {
  const counts = new Map<number, number>();
  const texts = background();
  for (const text of texts)
    for (const gram of grams(fold(text)).keys()) counts.set(gram, (counts.get(gram) ?? 0) + 1);
  const cells = new Uint8Array(CELLS);
  for (const [gram, count] of counts) {
    const cell = cellOf(gram);
    cells[cell] = Math.max(cells[cell] as number, levelOf(count));
  }
  const packed = deflateRawSync(cells, { level: 9 }).toString('base64');
  writeFileSync(FILE, `${JSON.stringify({ from: FROM, texts: texts.length, cells: packed }, null, 2)}\n`);
  return { texts: texts.length, grams: counts.size };
}

function background(): string[] {
  const long = [
    ...chinesePages().map((page) => page.gold),
    ...jsonLines('search/dev_docs.jsonl').map(textOf),
  ];
  const weibo = readFileSync(
    join(import.meta.dirname, '../../../../shared/data/sentiment/weibo2018_train.csv'),
    'utf8',
  );
  return [
    ...long.flatMap((text) => text.match(new RegExp(`[^]{1,${PIECE}}`, 'gu')) ?? []),
    ...jsonLines('events/posts.jsonl').map(textOf),
    ...jsonLines('sentiment/smp2020_virus_train.jsonl').map(textOf),
    ...weibo.split('\n').slice(1, 20_000),
  ];
}
