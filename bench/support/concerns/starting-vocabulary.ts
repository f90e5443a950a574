import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { readFileSync, writeFileSync } from 'node:fs';
import { levelOf } from '../../../indexer/topics/background.ts';
import { CELLS, cellOf } from '../../../indexer/topics/cells.ts';
import { featuresOf } from '../../../indexer/topics/features.ts';
import { topicWords } from '../../../indexer/topics/words.ts';
import { shippedSegmenter } from '../../../indexer/text/segmenter.ts';
import { jsonLines, textOf } from '../near-duplicates/data.ts';

const FILE = join(import.meta.dirname, '../../../config/defaults/starting-vocabulary.json');
/** Judgments are counted in pieces of so many units, about as long as a post. */
const PIECE = 120;
const OF_A_KIND = 4_000;

const FROM =
  'In how many of the texts a feature occurs, by hash and in steps of an eighth of a factor of e (indexer/topics/background.ts): deflated ' +
  'bytes. Counted by `npm run bench -- concerns --derive` in ../shared/data: posts for sentiment (SMP2020 usual, evaluation, and ' +
  'weibo2018), pairs of news (SOHU) and judgments (CAIL2019) in pieces of 120 units, up to 8,000 of a kind; no posts of events or of boards. ' +
  'No text can be read from it.';

/** Counts anew what everybody writes, and writes the table that ships with the program. */
export function deriveStartingVocabulary(): { texts: number; cells: number } {
  const pieces = new RegExp(`[^]{1,${PIECE}}`, 'gu');
  const weibo = readFileSync(
    join(import.meta.dirname, '../../../../shared/data/sentiment/weibo2018_train.csv'),
    'utf8',
  );
  const texts = [
    ...jsonLines('sentiment/smp2020_usual_eval_labeled.jsonl').map(textOf),
    ...[...jsonLines('near-duplicates/sohu_dd.jsonl'), ...jsonLines('near-duplicates/sohu_dc.jsonl')].map(
      textOf,
    ),
    ...jsonLines('search/dev_docs.jsonl')
      .map(textOf)
      .flatMap((text) => text.match(pieces) ?? [])
      .slice(0, OF_A_KIND),
    ...weibo.split('\n').slice(1, 2 * OF_A_KIND),
  ];
  const segmenter = shippedSegmenter();
  const counts = new Uint32Array(CELLS);
  for (const text of texts)
    for (const cell of new Set(Array.from(featuresOf(topicWords(null, text, segmenter)), cellOf)))
      counts[cell]! += 1;
  const levels = Uint8Array.from(counts, levelOf);
  const packed = deflateRawSync(levels, { level: 9 }).toString('base64');
  writeFileSync(FILE, `${JSON.stringify({ from: FROM, texts: texts.length, cells: packed }, null, 2)}\n`);
  return { texts: texts.length, cells: levels.filter((level) => level > 0).length };
}
