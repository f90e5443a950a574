import { Parser } from 'htmlparser2';
import type { Article } from './article.ts';
import { messages } from './messages.ts';

/** What the platform keeps of an article, as draft/get reads it back. */
export type Kept = { title: string; author: string; digest: string; content: string };

type Seen = { words: string[]; pictures: number; links: number; tables: number };

/** Lines of words, and how many pictures, links and tables there are. */
function seenIn(html: string): Seen {
  const seen: Seen = { words: [''], pictures: 0, links: 0, tables: 0 };
  const parser = new Parser({
    onopentagname(name) {
      if (name === 'img') seen.pictures += 1;
      if (name === 'a') seen.links += 1;
      if (name === 'table') seen.tables += 1;
      if (BLOCKS.has(name)) seen.words.push('');
    },
    ontext(text) {
      seen.words.push(`${seen.words.pop() ?? ''}${text}`);
    },
    onclosetag(name) {
      if (BLOCKS.has(name)) seen.words.push('');
    },
  });
  parser.end(html);
  return { ...seen, words: seen.words.map(bare).filter(Boolean) };
}

const BLOCKS = new Set([
  'p',
  'h2',
  'h3',
  'h4',
  'td',
  'th',
  'tr',
  'table',
  'blockquote',
  'br',
  'li',
  'section',
  'hr',
]);
/** Spaces come back in other forms than they went. */
const bare = (text: string) => text.replaceAll(/[\s\u00a0\u200b]+/gu, '');
const EXCERPT = 20;

/**
 * What the platform has dropped or changed of an article, in words for people: it takes out pictures of other places, links and
 * whatever it does not like, without saying so. Colours and spaces, which it writes in its own way, are no change.
 * @returns nothing when all is as it was sent
 */
export function changesIn(sent: Pick<Article, keyof Kept>, kept: Kept): string[] {
  const changes: string[] = [];
  for (const field of ['title', 'author', 'digest'] as const) {
    // An empty digest is filled from the text.
    if (sent[field] !== '' && bare(sent[field]) !== bare(kept[field]))
      changes.push(messages.changedField[field]);
  }
  const [before, after] = [seenIn(sent.content), seenIn(kept.content)];
  if (after.pictures < before.pictures)
    changes.push(messages.droppedPictures(before.pictures - after.pictures));
  if (after.tables < before.tables) changes.push(messages.droppedTables(before.tables - after.tables));
  if (after.links < before.links) changes.push(messages.droppedLinks(before.links - after.links));
  const whole = after.words.join('');
  for (const line of before.words) {
    if (whole.includes(line)) continue;
    changes.push(messages.droppedWords(line.length > EXCERPT ? `${line.slice(0, EXCERPT)}…` : line));
    // One is enough to send somebody there.
    break;
  }
  return changes;
}
