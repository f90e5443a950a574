import type { SiteSource } from '../../config/sources.ts';
import { NotGot } from '../errors.ts';
import type { FurtherPages } from '../extract/further-pages.ts';
import { readOnePage, type PageAnswer, type PageQuestion } from '../extract/one-page.ts';
import type { Extracted, ExtractedComment } from '../extract/types.ts';
import type { VisitTools } from './contract.ts';
import { articleDrafts } from './drafts-of.ts';
import type { LinkedPage } from './linked.ts';

type Settings = Pick<SiteSource['settings'], 'article'>;

/** Pages of one article with its comments, and of one thread, where the settings say nothing. */
const MOST_PARTS = 20;
const MOST_THREAD_PAGES = 100;

/**
 * Reads a listed page with all that continues it: an article over its parts and the pages of its comments, or a thread
 * over its pages. Which of them it is, the page itself shows.
 * @throws NotGot when there is no text, or a part of it may be had later: what belongs together is stored together
 */
export async function readWhole(
  url: string,
  outlet: string,
  settings: Settings,
  tools: VisitTools,
): Promise<LinkedPage> {
  const first = await readOne(url, settings, tools, null);
  const { extracted, thread } = first.reading;
  const whole = new Whole(extracted, thread);
  const seen = new Set([url, first.url]);
  const queue: { url: string; number: number; optional: boolean; start: string }[] = [];
  const enqueue = ({ next, comments }: FurtherPages, number: number, optional: boolean, start: string) => {
    for (const each of next) queue.push({ url: each, number: number + 1, optional, start });
    if (comments !== null) queue.push({ url: comments, number: 1, optional: true, start: comments });
  };
  enqueue(first.further, 1, false, first.url);
  const most = thread ? MOST_THREAD_PAGES : MOST_PARTS;
  let read = 1;
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    if (seen.has(step.url)) continue;
    if (read === most) {
      tools.missed(step.url, new NotGot('too-large'), true);
      break;
    }
    read += 1;
    seen.add(step.url);
    try {
      const page = await readOne(step.url, settings, tools, { ...step, looks: first.reading.looks });
      seen.add(page.url);
      whole.add(page, step.optional);
      enqueue({ ...page.further, comments: null }, step.number, step.optional, step.start);
    } catch (error) {
      if (!(error instanceof NotGot) || (error.passing && !step.optional)) throw error;
      tools.missed(step.url, error);
    }
  }
  const drafts = articleDrafts(whole.told(), url, outlet, thread ? 'post' : 'article');
  const comments = drafts.length - 1;
  const shown = thread || comments > 0;
  const open = shown || first.takesComments;
  return { drafts, comments: open ? comments : null, shown, publishedAt: extracted.publishedAt };
}

type OnePage = PageAnswer & { url: string };

async function readOne(
  address: string,
  { article }: Settings,
  tools: VisitTools,
  later: PageQuestion['later'],
): Promise<OnePage> {
  const got = await tools.readers.linked.getText(address);
  if (got === null) throw new NotGot('no-text');
  const { url, text } = got;
  const question: PageQuestion = { url, now: tools.now, article: article ?? null, later };
  // Elsewhere pages come at their host's pace, and a thread for them would do nothing but wait.
  const answer =
    tools.thread && tools.fetcher.asksInParallel(url)
      ? await tools.thread.read(text, question)
      : readOnePage(text, question);
  return { url, ...answer };
}

/** Puts pages together into one text with its comments. */
class Whole {
  readonly #first: Extracted;
  readonly #thread: boolean;
  readonly #texts: string[];
  readonly #comments: ExtractedComment[];

  constructor(first: Extracted, thread: boolean) {
    this.#first = first;
    this.#thread = thread;
    this.#texts = first.text === null ? [] : [first.text];
    this.#comments = [...first.comments];
  }

  /** @param commentsOnly the page is that of all comments: its text, if any, is that of the article once more */
  add({ reading: { extracted, thread }, alike }: OnePage, commentsOnly: boolean): void {
    const { text } = extracted;
    // A thread's later page opens with a floor like any other.
    const floors = thread && text !== null ? [{ text, publishedAt: extracted.publishedAt, likes: null }] : [];
    const comments = alike?.length
      ? alike
      : this.#thread
        ? [...floors, ...extracted.comments]
        : extracted.comments;
    const known = new Set(this.#comments.map(keyOf));
    if (this.#thread && this.#first.text !== null)
      known.add(keyOf({ text: this.#first.text, publishedAt: this.#first.publishedAt, likes: null }));
    // The best comments and the first floor stand on top of every page; short words come again by themselves.
    this.#comments.push(
      ...comments.filter(
        (each) => !known.has(keyOf(each)) || (each.publishedAt === null && each.text.length < 8),
      ),
    );
    if (this.#thread || commentsOnly || text === null || comments.some((each) => each.text === text)) return;
    if (!this.#texts.some((before) => isRepeated(text, before))) this.#texts.push(text);
  }

  told(): Extracted {
    return {
      ...this.#first,
      text: this.#texts.length === 0 ? null : this.#texts.join('\n'),
      comments: this.#comments,
    };
  }
}

const keyOf = ({ text, publishedAt }: ExtractedComment): string => `${publishedAt}#${text}`;

/** Most lines of the one stand in the other: the page of more comments shows the article once more. */
function isRepeated(text: string, before: string): boolean {
  const lines = new Set(before.split('\n'));
  const own = text.split('\n');
  return own.filter((line) => lines.has(line)).length >= own.length * 0.6;
}
