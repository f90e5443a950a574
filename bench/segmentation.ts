import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { shippedSegmenter } from '../indexer/text/segmenter.ts';

const FILE = join(import.meta.dirname, '../../shared/data/segmentation/weibo_treebank_dev_gold.txt');

/**
 * How well texts are cut into words: the development part of the Weibo treebank (../shared/data/segmentation, throws when
 * absent), one post a line, its words parted by spaces. F is that of the spans of words.
 *
 * - `wordF`: our segmenter.
 * - `jiebaF`: jieba as it comes with its package (with HMM), in the same run.
 */
export async function bench(): Promise<Record<string, number>> {
  if (!existsSync(FILE)) throw new Error(`the development data is absent: ${FILE}`);
  const posts = readFileSync(FILE, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/u));
  const { Jieba } = await import('@node-rs/jieba');
  const jieba = Jieba.withDict(
    readFileSync(createRequire(import.meta.url).resolve('@node-rs/jieba/dict.txt')),
  );
  const ours = shippedSegmenter();
  const words = new Intl.Segmenter('zh-CN', { granularity: 'word' });
  const ways: Record<string, (text: string) => string[]> = {
    ours: (text) => ours.cut(text),
    'jieba as it comes': (text) => jieba.cut(text, true),
    'jieba without HMM': (text) => jieba.cut(text, false),
    'Intl.Segmenter': (text) => [...words.segment(text)].map(({ segment }) => segment),
  };
  const found = Object.entries(ways).map(([name, cut]) => ({ name, ...measure(posts, cut) }));
  console.table(
    Object.fromEntries(
      found.map(({ name, precision, recall, f }) => [
        name,
        { precision: precision.toFixed(3), recall: recall.toFixed(3), F: f.toFixed(3) },
      ]),
    ),
  );
  return { wordF: round(found[0]?.f), jiebaF: round(found[1]?.f) };
}

function measure(posts: readonly string[][], cut: (text: string) => string[]) {
  let [right, given, told] = [0, 0, 0];
  for (const words of posts) {
    const spans = new Set(spansOf(words));
    const ours = spansOf(cut(words.join('')));
    right += ours.filter((span) => spans.has(span)).length;
    given += spans.size;
    told += ours.length;
  }
  const [precision, recall] = [right / told, right / given];
  return { precision, recall, f: (2 * precision * recall) / (precision + recall) };
}

function spansOf(words: readonly string[]): string[] {
  let end = 0;
  return words.map((word) => `${end}-${(end += word.length)}`);
}

const round = (share: number | undefined) => Number((share ?? 0).toFixed(4));
