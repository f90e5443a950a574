import { Concerns } from '../../../indexer/topics/concerns.ts';
import { describe } from '../../../indexer/topics/describe.ts';
import { topicWords } from '../../../indexer/topics/words.ts';
import { shippedSegmenter } from '../../../indexer/text/segmenter.ts';
import { everyday } from '../../../sample/story/phrases/everyday.ts';
import { siteKeys, type Item, type Storyline } from '../../../sample/story/types.ts';
import { createWorld } from '../../../sample/story/world.ts';
import { Taken } from './groups.ts';
import { bCubed } from './measures.ts';

const ANCHOR = Date.UTC(2026, 10, 22, 2);
const HOUR = 3_600_000;
/** Hours after the first start, and whether posts come one by one as time goes on or all at once. */
const SCENES = [
  { hours: 0, live: false },
  { hours: 0, live: true },
  { hours: 3, live: true },
  { hours: 12, live: true },
] as const;
const LINES: readonly Storyline[] = ['burst', 'slow', 'praised'];

/**
 * Which concerns the sample story comes to: of each storyline the part that its largest concern holds, how much of that
 * concern is of it, and what it is called; of all posts that a hashtag or the storyline tells the theme of, B-cubed.
 */
export function storyConcerns(say: (line: string) => void): void {
  const themes = themesByTag();
  for (const { hours, live } of SCENES) {
    const items = storyItems(ANCHOR + hours * HOUR);
    const { concerns, taken } = groupItems(items, live);
    say(
      `  ${hours} h after the first start, ${live ? 'as posts came' : 'all at once'}: ${items.length} posts, ${taken.size} concerns`,
    );
    for (const line of LINES) say(`    ${lineOf(line, items, concerns, taken)}`);
    const known = items.flatMap((item, id) => {
      const theme = item.storyline === 'everyday' ? themes.get(tagOf(item)) : item.storyline;
      return theme && theme !== 'noise' ? [{ theme, found: taken.concernOf.get(id) ?? -1 - id }] : [];
    });
    const { precision, recall, f } = bCubed(
      known.map(({ theme }) => theme),
      known.map(({ found }) => found),
    );
    say(`    themes: B³ precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}, F ${f.toFixed(2)}`);
  }
}

function storyItems(until: number): Item[] {
  const world = createWorld({ seed: 1, anchor: ANCHOR });
  return siteKeys.flatMap((site) => [...world.items(site, until)]).sort((a, b) => a.at - b.at);
}

function groupItems(items: readonly Item[], live: boolean): { concerns: Concerns; taken: Taken } {
  const segmenter = shippedSegmenter();
  const ids = new Map(items.map(({ id }, n) => [id, n]));
  const [concerns, taken] = [new Concerns(), new Taken()];
  items.forEach(({ title, text, at, threadId }, id) => {
    // What stands under something belongs to it, as in the store.
    const copyOf = threadId === undefined ? null : (ids.get(threadId) ?? null);
    concerns.add({ id, at, words: topicWords(title ?? null, text, segmenter), copyOf });
    const now = live ? at : 0;
    if (concerns.due(now)) concerns.settle(now);
    if (live) taken.take(concerns);
  });
  if (!live) concerns.settle(0);
  taken.take(concerns);
  return { concerns, taken };
}

function lineOf(line: Storyline, items: readonly Item[], concerns: Concerns, taken: Taken): string {
  const own = items.flatMap((item, id) => (item.storyline === line ? [id] : []));
  const parts = new Map<number, number>();
  for (const id of own) {
    const concern = taken.concernOf.get(id);
    if (concern !== undefined) parts.set(concern, (parts.get(concern) ?? 0) + 1);
  }
  const [largest] = [...parts].sort((a, b) => b[1] - a[1]);
  if (!largest) return `${line}: ${own.length} posts, no concern`;
  const [concern, count] = largest;
  // By time: their numbers are given in that order.
  const posts = [...taken.posts(concern)].sort((a, b) => a - b);
  const { label } = describe(
    posts.slice(-50).map((id) => ({ id, title: items[id]!.title ?? null, text: items[id]!.text })),
    concerns,
    shippedSegmenter(),
  );
  const percent = (part: number, whole: number) => `${Math.round((100 * part) / whole)} %`;
  return `${line}: ${own.length} posts, largest concern holds ${percent(count, own.length)}, ${percent(count, posts.length)} of it are of the line; called ${label}; parts ${parts.size}`;
}

function themesByTag(): Map<string, string> {
  const themes = new Map<string, string>();
  for (const { key, tags } of everyday)
    for (const tag of tags) {
      // A tag of two themes tells neither.
      themes.set(tag, themes.has(tag) ? 'noise' : key);
    }
  return themes;
}

const tagOf = ({ text }: Item): string => /#([^#]+)#/u.exec(text)?.[1] ?? '';
