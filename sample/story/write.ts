import { createWriter, type Bank } from './grammar.ts';
import { leak } from './personal-data.ts';
import { burst } from './phrases/burst.ts';
import { common, newspaper } from './phrases/common.ts';
import { everyday } from './phrases/everyday.ts';
import { noise } from './phrases/noise.ts';
import { praised } from './phrases/praised.ts';
import { slow } from './phrases/slow.ts';
import type { Theme } from './phrases/theme.ts';
import { between, chance, pick, type Random } from './random.ts';
import type { Storyline, Tone } from './types.ts';

/** Lengths in characters; topics, emoticons and leaked data come on top of a post. */
const POST_MIN = 15;
const POST_MAX = 120;
const ARTICLE_MIN = 40;
const ARTICLE_MAX = 600;
const LEAK_SHARE = 0.013;

const posts: Record<Tone, readonly (readonly string[])[]> = {
  negative: [
    ['{opener}', '{fact}', '{blame}', '{badEnd}'],
    ['{blame}', '{ask}', '{badEnd}'],
    ['{opener}', '{blame}', '{badEnd}'],
    ['{fact}', '{ask}', '{badEnd}'],
    ['{blame}', '{~blame}'],
    ['{fact}', '{blame}', '{aside}'],
  ],
  neutral: [
    ['{opener}', '{fact}', '{aside}'],
    ['{fact}', '{ask}'],
    ['{opener}', '{ask}', '{aside}'],
    ['{fact}', '{~fact}'],
    ['{ask}', '{~ask}'],
  ],
  positive: [
    ['{opener}', '{fact}', '{praise}', '{goodEnd}'],
    ['{fact}', '{praise}'],
    ['{praise}', '{goodEnd}', '{aside}'],
    ['{opener}', '{praise}', '{goodEnd}'],
    ['{fact}', '{~praise}', '{~goodEnd}'],
  ],
};
const replies: Record<Tone, readonly (readonly string[])[]> = {
  negative: [
    ['{blame}'],
    ['{agree}', '{blame}'],
    ['{blame}', '{badEnd}'],
    ['{ask}', '{badEnd}'],
    ['{opener}', '{blame}'],
  ],
  neutral: [['{ask}'], ['{fact}'], ['{agree}', '{fact}'], ['{ask}', '{aside}'], ['{opener}', '{fact}']],
  positive: [['{praise}'], ['{agree}', '{praise}'], ['{praise}', '{goodEnd}'], ['{goodEnd}', '{aside}']],
};
const fillers: Record<Tone, readonly string[]> = {
  negative: ['{~badEnd}', '{~blame}', '{~ask}'],
  neutral: ['{~aside}', '{~ask}', '{~fact}'],
  positive: ['{~goodEnd}', '{~praise}', '{~aside}'],
};
const emoticons: Record<Tone, readonly string[]> = {
  negative: ['[怒]', '[失望]', '[疑问]', '[衰]', '[怒][怒]'],
  neutral: ['[思考]', '[围观]', '[吃瓜]', '[疑问]'],
  positive: ['[赞]', '[心]', '[鼓掌]', '[赞][赞]', '[给力]'],
};

/** The matter that an item of this storyline is about. */
export function drawTheme(random: Random, storyline: Storyline): Theme {
  switch (storyline) {
    case 'praised':
      return praised;
    case 'burst':
      return burst;
    case 'slow':
      return slow;
    case 'everyday':
      return pick(random, everyday);
    case 'noise': {
      const chosen = pick(random, noise);
      const none = {
        tags: [],
        subjects: chosen.titles,
        praise: chosen.facts,
        blame: chosen.facts,
        ask: chosen.facts,
      };
      return { ...none, ...chosen, work: chosen.scene, quote: chosen.scene };
    }
  }
}

function writerFor(random: Random, theme: Theme, ...first: readonly Bank[]): (template: string) => string {
  const sentences: Bank = {
    fact: theme.facts,
    praise: theme.praise,
    blame: theme.blame,
    ask: theme.ask,
    scene: theme.scene,
    work: theme.work,
    quote: theme.quote,
  };
  return createWriter(random, ...first, theme.slots ?? {}, sentences, common);
}

function compose(
  random: Random,
  write: (template: string) => string,
  pattern: readonly string[],
  spare: readonly string[],
  limit = POST_MAX,
): string {
  let text = '';
  for (const part of pattern) {
    const next = write(part);
    // The same sentence twice reads like a machine.
    if (!text.includes(next) && text.length + next.length <= limit) text += next;
  }
  for (let tries = 0; text.length < POST_MIN && tries < 8; tries++) {
    const next = write(pick(random, spare));
    if (!text.includes(next)) text += next;
  }
  return colloquial(random, write, text);
}

/** People start and end sentences in their own way. */
function colloquial(random: Random, write: (template: string) => string, text: string): string {
  const started = chance(random, 0.14) && text.length < POST_MAX - 10 ? write('{lead}') + text : text;
  if (!chance(random, 0.3) || started.length <= POST_MIN || !started.endsWith('。')) return started;
  return started.slice(0, -1) + pick(random, ['！', '……', '', '～', '。。。', '！！']);
}

function spill(random: Random, text: string): string {
  return chance(random, LEAK_SHARE) ? text + leak(random) : text;
}

/** A post on the microblog, with topics and emoticons as people use them. */
export function writePost(random: Random, theme: Theme, tone: Tone): string {
  const write = writerFor(random, theme);
  const plain = theme.tags.length === 0 ? [['{fact}'], ['{fact}', '{aside}']] : posts[tone];
  const spare = theme.tags.length === 0 ? ['{~aside}'] : fillers[tone];
  const text = spill(random, compose(random, write, pick(random, plain), spare, 95));
  const feeling = chance(random, 0.35) ? pick(random, emoticons[tone]) : '';
  if (theme.tags.length === 0 || !chance(random, 0.55)) return text + feeling;
  const tag = `#${pick(random, theme.tags)}#`;
  return chance(random, 0.6) ? `${tag}${text}${feeling}` : `${text}${feeling}${tag}`;
}

/** A reply in the forum or a comment under an article. */
export function writeReply(random: Random, theme: Theme, tone: Tone): string {
  const write = writerFor(random, theme);
  if (theme.tags.length === 0) return compose(random, write, ['{agree}', '{chat}'], ['{~chat}', '{~aside}']);
  return spill(random, compose(random, write, pick(random, replies[tone]), fillers[tone]));
}

/** The first post of a thread: a subject and one to three paragraphs. */
export function writeThread(random: Random, theme: Theme, tone: Tone): { title: string; text: string } {
  const write = writerFor(random, theme);
  const title = write(pick(random, theme.subjects));
  if (theme.tags.length === 0)
    return { title, text: compose(random, write, ['{fact}', '{~fact}'], ['{~aside}']) };
  const first = compose(random, write, pick(random, posts[tone]), fillers[tone]);
  const more = ['{~fact}', ...fillers[tone]].slice(0, between(random, 0, 3));
  const rest = more.map((part) => write(part)).filter((part) => !first.includes(part));
  const paragraphs = rest.length > 1 ? [first, rest.join('')] : [first, ...rest];
  return { title, text: spill(random, paragraphs.join('\n')) };
}

/** A newspaper article or an announcement: three to six paragraphs. */
export function writeArticle(random: Random, theme: Theme, tone: Tone): { title: string; text: string } {
  const write = writerFor(random, theme, newspaper);
  const title = write(pick(random, theme.titles));
  const quiet = theme.key === 'non-prosecution' || theme.key === 'school-meals';
  const plan =
    theme.tags.length === 0
      ? ['{scene}', '{fact}', '{~scene}', '{~fact}', '{~scene}']
      : ['{dateline}{scene}', '{work}', '{quote}', '{~work}', ...(quiet ? [] : ['{figures}'])];
  if (theme.tags.length > 0) {
    if (tone === 'negative') plan.push('也有市民对此提出批评：“{blame}”“{~blame}”');
    if (tone === 'positive') plan.push('“{praise}”采访中，不少群众这样评价。');
    plan.push('{closing}');
  }
  const paragraphs: string[] = [];
  for (const part of plan) {
    let next = write(part);
    const twin = /^\{~?(work|quote)\}$/.exec(part);
    // Newspapers do not give every sentence its own paragraph.
    if (twin && chance(random, 0.4)) next = joined(next, write(`{~${twin[1]}}`), paragraphs);
    const length = paragraphs.join('').length + next.length;
    if (paragraphs.includes(next) || length > ARTICLE_MAX || paragraphs.length === 6) continue;
    // Skipping a late paragraph now and then keeps articles from having one build.
    if (paragraphs.length >= 3 && chance(random, 0.3)) continue;
    paragraphs.push(next);
  }
  for (let tries = 0; paragraphs.join('').length < ARTICLE_MIN && tries < 8; tries++) {
    const next = write('{~fact}');
    if (!paragraphs.includes(next)) paragraphs.push(next);
  }
  return { title, text: paragraphs.join('\n') };
}

function joined(first: string, second: string, before: readonly string[]): string {
  return first === second || before.some((paragraph) => paragraph.includes(second)) ? first : first + second;
}
