import { rmSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright';
import { hydrated, openBrowser, PATIENCE_MS } from './browser.ts';
import { newFolder } from './engines.ts';
import { startTestHub, type TestHub } from './hub.ts';

/** A whole hub with somebody in front of it. */
export type TestDesk = {
  hub: TestHub;
  browser: Browser;
  /** At a screen of an office, with nobody signed in. */
  page: Page;
  context: BrowserContext;
  /** What pages must never do: throw, or want what their policy forbids. */
  thrown: string[];
  /** One more screen, with somebody else in front of it. */
  newPage(): Promise<Page>;
  /** Opens a page of the hub and waits until it answers to clicks. */
  go(path: string, page?: Page): Promise<void>;
  stop(): Promise<void>;
};

/**
 * @param folder of the hub's data
 * @param config null: the sample profile
 * @param more variables of the hub's environment
 */
export async function startDesk(
  folder = newFolder(),
  config: string | null = null,
  more: Record<string, string> = {},
): Promise<TestDesk> {
  const [hub, browser] = await Promise.all([startTestHub(folder, config, more), openBrowser()]);
  const thrown: string[] = [];

  async function newPage(): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    page.on('pageerror', (error) => thrown.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content Security Policy/.test(message.text()))
        thrown.push(message.text());
    });
    return page;
  }

  const page = await newPage();
  return {
    ...{ hub, browser, page, thrown, newPage },
    context: page.context(),
    async go(path, at = page) {
      await at.goto(`${hub.address}${path}`, { waitUntil: 'load' });
      await hydrated(at);
    },
    async stop() {
      await browser.close();
      await hub.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
