import type { BrowserContext, Page as Tab } from 'playwright';
import { NotGot } from '../errors.ts';
import type { PageReader } from '../sources/contract.ts';
import { answerRequests, type Ways } from './answer-requests.ts';
import { BEFORE_SCRIPTS } from './page-rules.ts';
import { within } from './within.ts';

export type RenderSettings = {
  /** A page is complete when this is there. */
  waitFor?: string | undefined;
  /** A button that loads more, and how often it is pressed at the most. */
  more?: { selector: string; times: number } | undefined;
  /** How often the page is scrolled to its end, where more loads by itself. */
  scroll: number;
};

type Limits = { pageMs: number; mostCharacters: number; turn: <T>(work: () => Promise<T>) => Promise<T> };
type Document = NonNullable<Awaited<ReturnType<PageReader['getText']>>>;

/** Each step of loading more has a time of its own. */
const STEP_MS = 4_000;
const QUIET_MS = 400;
const CLOSE_MS = 5_000;

/** Gets the pages of one visit as they look after their scripts have run. */
export class RenderedReader implements PageReader {
  readonly #context: BrowserContext;
  readonly #ways: Ways;
  readonly #how: RenderSettings & Limits;

  constructor(context: BrowserContext, ways: Ways, how: RenderSettings & Limits) {
    this.#context = context;
    this.#ways = ways;
    this.#how = how;
  }

  /** Never conditional: the document of such a page stays the same while what its scripts load changes. */
  async getText(address: string): Promise<Document | null> {
    const document = await this.#ways.documents.getText(address);
    // JSON, XML and plain text need no browser.
    if (document === null || !isHtml(document)) return document;
    return this.#how.turn(() => this.#render(document));
  }

  async #render(document: Document): Promise<Document> {
    const steps = (this.#how.more?.times ?? 0) + this.#how.scroll;
    let tab: Tab | null = null;
    try {
      tab = await within(this.#context.newPage(), CLOSE_MS);
      return await within(this.#read(tab, document), this.#how.pageMs + steps * STEP_MS);
    } catch (error) {
      if (error instanceof NotGot) throw error;
      throw new NotGot('browser-failed', { cause: error });
    } finally {
      if (tab) await within(tab.close({ runBeforeUnload: false }), CLOSE_MS).catch(() => {});
    }
  }

  async #read(tab: Tab, document: Document): Promise<Document> {
    const refusal = Promise.withResolvers<never>();
    const loaded = { documents: new Map([[bare(document.url), document]]), refused: refusal.reject };
    await answerRequests(tab, this.#ways, loaded);
    await tab.addInitScript(BEFORE_SCRIPTS);
    await Promise.race([this.#load(tab, document.url), refusal.promise]);
    const url = tab.url();
    if (Number(await tab.evaluate('document.documentElement.outerHTML.length')) > this.#how.mostCharacters) {
      throw new NotGot('too-large');
    }
    const text = await tab.content();
    if (text.length > this.#how.mostCharacters) throw new NotGot('too-large');
    return { ...document, url, text, bytes: Buffer.from(text), etag: null, lastModified: null };
  }

  async #load(tab: Tab, url: string): Promise<void> {
    await tab.goto(url, { waitUntil: 'domcontentloaded', timeout: this.#how.pageMs });
    await this.#settle(tab);
    await this.#loadMore(tab);
  }

  /** Waits for the scripts of the page: until what the settings name is there, else until nothing loads any more. */
  async #settle(tab: Tab): Promise<void> {
    const { waitFor } = this.#how;
    if (waitFor === undefined) {
      await tab.waitForLoadState('networkidle', { timeout: STEP_MS }).catch(() => {});
      await this.#calm(tab, await amount(tab));
      return;
    }
    // What does not come is missed when the page is read: an empty list is told as one.
    await tab
      .waitForSelector(waitFor, { state: 'attached', timeout: this.#how.pageMs / 2 })
      .catch(unlessLate);
  }

  async #loadMore(tab: Tab): Promise<void> {
    const { more, scroll } = this.#how;
    for (let n = 0; n < (more?.times ?? 0); n += 1) {
      const before = await amount(tab);
      await this.#ways.manners.awaitTurn(tab.url());
      const button = tab.locator(more?.selector ?? '').first();
      const pressed = await button.click({ timeout: 1_500 }).then(() => true, unlessLate);
      if (!pressed || !(await this.#grown(tab, before))) break;
    }
    for (let n = 0; n < scroll; n += 1) {
      const before = await amount(tab);
      await this.#ways.manners.awaitTurn(tab.url());
      await tab.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
      if (!(await this.#grown(tab, before))) break;
    }
  }

  /** Whether the page has become another one, within the time of a step. */
  async #grown(tab: Tab, before: string): Promise<boolean> {
    for (const end = Date.now() + STEP_MS; Date.now() < end;) {
      await tab.waitForTimeout(150);
      const now = await amount(tab);
      if (now === before) continue;
      await this.#calm(tab, now);
      return true;
    }
    return false;
  }

  /** Waits until the page stays as it is for a moment, or the time of a step is over. */
  async #calm(tab: Tab, seen: string): Promise<void> {
    let last = seen;
    for (const end = Date.now() + STEP_MS; Date.now() < end;) {
      await tab.waitForTimeout(QUIET_MS);
      const now = await amount(tab);
      if (now === last) return;
      last = now;
    }
  }
}

/** How much the page holds, as far as a change shows in it. */
async function amount(tab: Tab): Promise<string> {
  return String(
    await tab.evaluate('`${document.links.length}/${document.body?.textContent.length ?? 0}`'),
  ).slice(0, 40);
}

/** What does not come in time is not there; a selector that the browser cannot read is somebody's mistake. */
function unlessLate(error: unknown): false {
  if (error instanceof Error && error.name === 'TimeoutError') return false;
  throw error;
}

const isHtml = (page: Document) =>
  /html/i.test(page.contentType ?? '') ||
  /^\s*(?:<!doctype html|<html|<head|<body)/i.test(page.text.slice(0, 300));

/** As the browser names a document: without the part after `#`. */
export const bare = (url: string): string => url.split('#')[0] ?? url;
