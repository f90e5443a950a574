import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { watches } from '../config/defaults.ts';
import { Knowledge } from '../indexer/knowledge.ts';
import { runSteps, runStepsOnMany, startOf, steps } from '../indexer/steps/index.ts';
import type { StepContext } from '../indexer/steps/types.ts';
import { createWorld } from '../sample/story/world.ts';
import type { Draft } from '../store/drafts.ts';

const FILE = join(import.meta.dirname, '../../shared/data/events/posts.jsonl');

/** "About 60 characters": posts of this length, as they were written. In UTF-16 units. */
const SHORTEST = 45;
const LONGEST = 75;

/** What an office may watch: those that ship, and made ones of words that stand in the posts. */
const WATCHES = 50;

const ROUNDS = 15;
const WARM_UP = 4;

/**
 * How fast drafts go through all steps, on one core: posts of about sixty characters, half of them real
 * (../shared/data/events, throws when absent), half of the sample story, with fifty watches. What is measured is the
 * processor time of the whole process, with what V8's own threads do for it; the figure is the median of many rounds.
 *
 * - `postsPerSecond`: through all steps in the way of taking in (`runStepsOnMany`), from the draft to the post that would
 *   be stored.
 *
 * Beside it: one post after the other (`runSteps`), each step by itself, and jieba alone as it comes with its package cutting the same texts (HMM off).
 */
export async function bench(args: string[]): Promise<Record<string, number>> {
  if (!existsSync(FILE)) throw new Error(`the development data is absent: ${FILE}`);
  const rounds = args.includes('--quick') ? 3 : ROUNDS;
  const real = eventPosts();
  const texts = [...real, ...storyPosts(real.length)];
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  const drafts = texts.map(draftOf);
  const context = contextOf(texts);

  const whole: number[] = [];
  const singly: number[] = [];
  const each = steps.map((): number[] => []);
  for (let round = -WARM_UP; round < rounds; round += 1) {
    const all = await timedAsync(() => runStepsOnMany(drafts, context));
    const single = timed(() => drafts.forEach((draft) => runSteps(draft, context)));
    let posts = drafts.map(startOf);
    const parts = steps.map(([, step]) =>
      timed(() => {
        posts = posts.map((post) => step(post, context));
      }),
    );
    if (round < 0) continue;
    whole.push(all);
    singly.push(single);
    parts.forEach((part, at) => each[at]?.push(part));
  }
  const perPost = (spans: readonly number[]) => median(spans) / texts.length;
  const length = characters / texts.length;
  const speed = (micros: number) => ({
    'µs a post': micros.toFixed(1),
    'posts/s': Math.round(1e6 / micros),
    'characters/s': Math.round((1e6 / micros) * length),
  });
  console.log(
    `${texts.length} posts of ${length.toFixed(1)} characters, ${WATCHES} watches, ${rounds} rounds`,
  );
  const micros = perPost(whole);
  const jieba = perPost(await jiebaAlone(texts, rounds));
  console.table({
    ...Object.fromEntries(steps.map(([name], at) => [name, speed(perPost(each[at] as number[]))])),
    'all steps': speed(micros),
    'one post after the other': speed(perPost(singly)),
    'jieba alone': speed(jieba),
  });
  console.log(`all steps take ${(micros / jieba).toFixed(1)} times as long as jieba alone`);
  return { postsPerSecond: Math.round(1e6 / micros) };
}

/** Processor time in microseconds. */
function timed(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  return since(before);
}

async function timedAsync(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  return since(before);
}

function since(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] as number;
}

const isOfLength = (text: string) => text.length >= SHORTEST && text.length <= LONGEST;

function eventPosts(): string[] {
  return readFileSync(FILE, 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { text: string }).text)
    .filter(isOfLength);
}

function storyPosts(most: number): string[] {
  const anchor = Date.UTC(2026, 10, 22);
  const world = createWorld({ seed: 1, anchor });
  return [...world.items('weibo', anchor), ...world.items('forum', anchor)]
    .map(({ text }) => text)
    .filter(isOfLength)
    .slice(0, most);
}

function draftOf(text: string, at: number): Draft {
  return {
    kind: 'post',
    url: `https://forum.example.com/${at}`,
    externalId: null,
    parentUrl: null,
    title: null,
    text,
    publishedAt: Date.UTC(2026, 10, 22),
    outlet: null,
    counts: { likes: 3, comments: null, shares: null },
  };
}

function contextOf(texts: readonly string[]): StepContext {
  const own = watches.map(({ query }) => query);
  // Pairs of characters from the texts: such watches are asked often, and half of them match now and then.
  const made = Array.from({ length: WATCHES - own.length }, (_, at) => {
    const pairs = (texts[at * 7] ?? '').match(/\p{Script=Han}{2}/gu) ?? [];
    return `${pairs[0] ?? 'a'} (${pairs[1] ?? 'b'} | ${pairs[2] ?? 'c'}) -${pairs[3] ?? 'd'}`;
  });
  const queries = [...own, ...made].map((query, at) => ({ id: at + 1, officeId: 1, query }));
  return {
    now: Date.UTC(2026, 10, 22, 1),
    officeId: 1,
    above: [1],
    officePlace: null,
    sourcePlace: null,
    sourceKind: 'feed',
    knowledge: new Knowledge('bench', { dictionary: null, classes: null, sentiment: null, watches: queries }),
  };
}

async function jiebaAlone(texts: readonly string[], rounds: number): Promise<number[]> {
  const { Jieba } = await import('@node-rs/jieba');
  const jieba = Jieba.withDict(
    readFileSync(createRequire(import.meta.url).resolve('@node-rs/jieba/dict.txt')),
  );
  const cutAll = () => timed(() => texts.forEach((text) => jieba.cut(text, false)));
  cutAll();
  return Array.from({ length: rounds }, cutAll);
}
