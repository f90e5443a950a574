import type { BrowserContext, Page as Tab } from 'playwright';
import { NotGot } from '../errors.ts';
import type { PageReader } from '../sources/contract.ts';
import { answerRequests, bare, type Loaded, type Ways } from './answer-requests.ts';
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
const OPEN_MS = 15_000;
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
    let tab: Tab | null = null;
    try {
      tab = await within(this.#context.newPage(), OPEN_MS);
      return await this.#read(tab, document);
    } catch (error) {
      if (error instanceof NotGot) throw error;
      throw new NotGot('browser-failed', { cause: error });
    } finally {
      if (tab) await within(tab.close({ runBeforeUnload: false }), CLOSE_MS).catch(() => {});
    }
  }

  async #read(tab: Tab, document: Document): Promise<Document> {
    const refusal = Promise.withResolvers<never>();
    refusal.promise.catch(() => {});
    const loaded: Loaded = {
      documents: new Map([[bare(document.url), document]]),
      pending: 0,
      refused: refusal.reject,
    };
    const ready = async () => {
      await answerRequests(tab, this.#ways, loaded);
      await tab.addInitScript(BEFORE_SCRIPTS);
    };
    await within(ready(), OPEN_MS);
    const show = async () => {
      await within(this.#load(tab, document.url, loaded), this.#how.pageMs);
      await this.#loadMore(tab);
    };
    await Promise.race([show(), refusal.promise]);
    const text = await within(this.#content(tab), this.#how.pageMs);
    return { ...document, url: tab.url(), text, bytes: Buffer.from(text), etag: null, lastModified: null };
  }

  async #content(tab: Tab): Promise<string> {
    const most = this.#how.mostCharacters;
    if (Number(await tab.evaluate('document.documentElement.outerHTML.length')) > most) {
      throw new NotGot('too-large');
    }
    const text = await tab.content();
    if (text.length > most) throw new NotGot('too-large');
    return text;
  }

  /** Waits for the scripts of the page: until what the settings name is there, else until nothing loads any more. */
  async #load(tab: Tab, url: string, loaded: Loaded): Promise<void> {
    const { waitFor, pageMs } = this.#how;
    await tab.goto(url, { waitUntil: 'domcontentloaded', timeout: pageMs });
    if (waitFor !== undefined) {
      // What does not come is missed when the page is read: an empty list is told as one.
      await tab.waitForSelector(waitFor, { state: 'attached', timeout: pageMs / 2 }).catch(unlessLate);
      return;
    }
    await tab.waitForLoadState('networkidle', { timeout: STEP_MS }).catch(unlessLate);
    // Where a script leads on, the next document waits for its host's turn.
    while (loaded.pending > 0) await tab.waitForTimeout(QUIET_MS);
    await this.#calm(tab, await amount(tab));
  }

  async #loadMore(tab: Tab): Promise<void> {
    const { more, scroll } = this.#how;
    const button = tab.locator(more?.selector ?? '').first();
    const press = () => button.click({ timeout: 1_500 }).then(() => true, unlessLate);
    const toEnd = async () => {
      await tab.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
      return true;
    };
    await this.#repeat(tab, more?.times ?? 0, press);
    await this.#repeat(tab, scroll, toEnd);
  }

  /** Does something again and again, at the pace of the host, as long as it is possible and the page grows by it. */
  async #repeat(tab: Tab, times: number, act: () => Promise<boolean>): Promise<void> {
    const step = async () => {
      const before = await amount(tab);
      return (await act()) && (await this.#grown(tab, before));
    };
    for (let n = 0; n < times; n += 1) {
      // The host's turn may be long in coming; the page's own time is counted without it.
      await this.#ways.manners.awaitTurn(tab.url());
      if (!(await within(step(), 4 * STEP_MS))) break;
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

/** How much the page holds, as far as a change shows in it; nothing while it gives way to another one. */
async function amount(tab: Tab): Promise<string> {
  try {
    return String(
      await tab.evaluate('`${document.links.length}/${document.body?.textContent.length ?? 0}`'),
    ).slice(0, 40);
  } catch (error) {
    if (error instanceof Error && /context was destroyed|navigation/i.test(error.message)) return '';
    throw error;
  }
}

/** What does not come in time is not there; a selector that the browser cannot read is somebody's mistake. */
function unlessLate(error: unknown): false {
  if (error instanceof Error && error.name === 'TimeoutError') return false;
  throw error;
}

const isHtml = (page: Document) =>
  /html/i.test(page.contentType ?? '') ||
  /^\s*(?:<!doctype html|<html|<head|<body)/i.test(page.text.slice(0, 300));
