import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { CELLS, cellOf } from '../../../indexer/topics/cells.ts';
import { featuresOf } from '../../../indexer/topics/features.ts';
import { topicWords } from '../../../indexer/topics/words.ts';
import { shippedSegmenter } from '../../../indexer/text/segmenter.ts';
import { jsonLines, textOf } from '../near-duplicates/data.ts';

const FILE = join(import.meta.dirname, '../../../config/defaults/starting-vocabulary.json');
/** Judgments are counted in pieces of so many units, about as long as a post. */
const PIECE = 120;
/** As if so many texts had been seen: own posts outweigh it within days. */
const TEXTS = 500;

const FROM =
  'In how many of 500 texts a feature occurs, by hash (indexer/topics/cells.ts): deflated bytes. Counted by `npm run bench -- ' +
  'concerns --derive` in ../shared/data: posts for sentiment (SMP2020 usual, evaluation), pairs of news (SOHU) and judgments ' +
  '(CAIL2019) in pieces of 120 units, a third each, and scaled; no posts of events or of boards. No text can be read from it.';

/** Counts anew what everybody writes, and writes the table that ships with the program. */
export function deriveStartingVocabulary(): { texts: number; cells: number } {
  const pieces = new RegExp(`[^]{1,${PIECE}}`, 'gu');
  const kinds = [
    jsonLines('sentiment/smp2020_usual_eval_labeled.jsonl').map(textOf),
    [...jsonLines('near-duplicates/sohu_dd.jsonl'), ...jsonLines('near-duplicates/sohu_dc.jsonl')].map(
      textOf,
    ),
    jsonLines('search/dev_docs.jsonl')
      .map(textOf)
      .flatMap((text) => text.match(pieces) ?? []),
  ];
  const segmenter = shippedSegmenter();
  const shares = new Float64Array(CELLS);
  for (const texts of kinds)
    for (const text of texts)
      for (const cell of new Set(Array.from(featuresOf(topicWords(null, text, segmenter)), cellOf)))
        shares[cell]! += 1 / texts.length / kinds.length;
  const counts = Uint8Array.from(shares, (share) => Math.min(255, Math.round(share * TEXTS)));
  const packed = deflateRawSync(counts, { level: 9 }).toString('base64');
  writeFileSync(FILE, `${JSON.stringify({ from: FROM, texts: TEXTS, cells: packed }, null, 2)}\n`);
  return { texts: kinds.flat().length, cells: counts.filter((count) => count > 0).length };
}
