import { afterEach, expect, test } from 'vitest';
import { readOnePage, type PageQuestion } from '../../../crawler/extract/one-page.ts';
import { ReadingThread } from '../../../crawler/reading/apart.ts';
import { until } from '../../support/engines.ts';
import { articlePage, now } from '../sources/visiting.ts';

const threads: ReadingThread[] = [];
function open(idleMs?: number, longestMs?: number): ReadingThread {
  const thread = new ReadingThread(idleMs, longestMs);
  threads.push(thread);
  return thread;
}
afterEach(() => {
  for (const thread of threads.splice(0)) thread.close();
});

const question = (number: number): PageQuestion => ({
  url: `https://news.example.com/a${number}.html`,
  now,
  article: null,
  later: null,
});
/** A selector that the settings would have refused: reading by it throws. */
const poisoned: PageQuestion = { ...question(0), article: { text: ':no-such(' } };

test('pages read in a thread say what they say when they are read right here', async () => {
  const thread = open();
  const numbers = Array.from({ length: 20 }, (_, n) => n);
  const apart = await Promise.all(numbers.map((n) => thread.read(articlePage(n), question(n))));
  expect(apart).toEqual(numbers.map((n) => readOnePage(articlePage(n), question(n))));
  expect(apart[3]?.reading.extracted.title).toBe('云州检察通报第3号');
});

test('a page that ends the thread costs that page alone', async () => {
  const thread = open();
  const all = await Promise.allSettled([
    thread.read(articlePage(1), question(1)),
    thread.read(articlePage(2), poisoned),
    thread.read(articlePage(3), question(3)),
    thread.read(articlePage(4), question(4)),
  ]);
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect((all[1] as PromiseRejectedResult).reason).toMatchObject({ code: 'item-broken' });
});

test('a thread that gets no further is ended', async () => {
  const thread = open(10, 1);
  // It is looked at more often than a page can be read, or even the thread be started.
  await expect(thread.read(articlePage(1), question(1))).rejects.toMatchObject({ code: 'item-broken' });
});

test('a thread that has nothing to read is let go, and another one started when there is', async () => {
  const thread = open(10);
  await thread.read(articlePage(1), question(1));
  await until('the thread to end', async () => !thread.isRunning);
  const { reading } = await thread.read(articlePage(2), question(2));
  expect(reading.extracted.title).toBe('云州检察通报第2号');
});

test('what a closed thread was to read is not read', async () => {
  const thread = open();
  const reading = thread.read(articlePage(1), question(1));
  thread.close();
  await expect(reading).rejects.toMatchObject({ code: 'not-visited' });
  expect(thread.isRunning).toBe(false);
});
