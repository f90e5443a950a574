import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { errorText, Refused } from '../../config/errors.ts';
import { readHubFile } from '../../config/hub.ts';
import { BrowserKeeper } from '../../crawler/browser/keeper.ts';
import { NotGot } from '../../crawler/errors.ts';
import { readPage } from '../../crawler/extract/page.ts';
import { toldBy } from '../../crawler/extract/published-at.ts';
import { decodeBody } from '../../crawler/fetch/encoding.ts';
import { Fetcher, type Page } from '../../crawler/fetch/fetcher.ts';
import type { RobotsVerdict } from '../../crawler/fetch/robots.ts';
import { probeAddress, type Probe } from '../../crawler/probe.ts';
import { chromium } from '../engines/chromium.ts';
import { messages } from '../messages.ts';
import { configOption, configPath, parseOptions } from '../options.ts';
import { extractReport } from './try-extract-report.ts';

/** What a page would give, and how it was read. */
export type Trial = {
  probe: Probe;
  encoding: { charset: string; replaced: number };
  /** Null for a file, which no robots.txt speaks of. */
  robots: RobotsVerdict | null;
  /** Where the page tells its time; null when it does not. */
  publishedFrom: string | null;
};

type Got = { page: Page & { text: string }; robots: RobotsVerdict | null };

/** Manners of a trial from a terminal: those of the settings where there are some. */
const DEFAULTS = {
  contact: 'jiansheng try',
  requestTimeoutSeconds: 20,
  maxPageMegabytes: 8,
  paceSeconds: 1,
};

const options = {
  ...configOption,
  json: { type: 'boolean' },
  url: { type: 'string' },
  kind: { type: 'string' },
  'allow-private': { type: 'string', multiple: true },
} as const;

/**
 * `jiansheng try extract <address or file>`: what would be stored of any page, for people or with `--json` for programs.
 * An address is asked for as politely as on a visit, and inner ones only where `--allow-private` names the host. Nothing is
 * stored.
 */
export async function tryExtract(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, options);
  const [target] = positionals;
  const kinds = [undefined, 'feed', 'browser'];
  if (target === undefined || positionals.length > 1 || !kinds.includes(values.kind)) {
    console.error(messages.extract.usage);
    return 2;
  }
  try {
    const got = /^https?:\/\//i.test(target)
      ? await fromAddress(
          target,
          values.kind === 'browser',
          configPath(values),
          values['allow-private'] ?? [],
        )
      : await fromFile(target, values.url);
    const trial = await tryPage(got, values.kind === 'feed');
    console.log(values.json ? JSON.stringify(trial, null, 2) : extractReport(trial));
    return 0;
  } catch (error) {
    if (!(error instanceof NotGot)) throw error;
    console.error(messages.crawlFailed(error.code, error.message));
    return 1;
  }
}

async function tryPage({ page, robots }: Got, asFeed: boolean): Promise<Trial> {
  const now = Date.now();
  const { charset, replaced } = decodeBody(page.bytes, page.contentType);
  const probe = await probeAddress(page.url, { getText: async () => page }, now);
  if (asFeed && probe.is !== 'feed') throw new NotGot('not-a-feed');
  const at = probe.is === 'page' && probe.article.publishedAt;
  const publishedFrom = at ? toldBy(readPage(page.text, page.url), Date.parse(at), now) : null;
  return { probe, encoding: { charset, replaced }, robots, publishedFrom };
}

async function fromAddress(
  address: string,
  rendered: boolean,
  config: string | null,
  allowed: readonly string[],
): Promise<Got> {
  if (!URL.canParse(address)) throw new NotGot('no-address');
  const hub = config === null ? null : readHubFile(config);
  const settings = { ...DEFAULTS, ...hub?.crawler, officeName: hub?.office.name ?? 'jiansheng' };
  const fetcher = new Fetcher({
    ...settings,
    allowPrivateHosts: [...(hub?.crawler.allowPrivateHosts ?? []), ...allowed],
  });
  const { guard, userAgent } = fetcher;
  const { maxPageMegabytes } = settings;
  const browser = new BrowserKeeper({ find: chromium, guard, userAgent, maxPageMegabytes });
  try {
    const page = rendered
      ? await browser.visit(fetcher, fetcher, (rendering) => rendering({ scroll: 0 }).getText(address))
      : await fetcher.getText(address);
    if (page === null) throw new NotGot('no-text');
    return { page, robots: await fetcher.robotsOf(page.url) };
  } finally {
    await browser.close();
    await fetcher.close();
  }
}

/** @throws Refused when the file cannot be read */
async function fromFile(path: string, url: string | undefined): Promise<Got> {
  const bytes = await (path === '-' ? buffer(process.stdin) : readFile(path)).catch((cause: unknown) => {
    throw new Refused('page-unreadable', messages.extract.unreadable(path, errorText(cause)), { cause });
  });
  const address = url ?? `http://file.invalid/${encodeURIComponent(basename(path))}`;
  if (!URL.canParse(address)) throw new NotGot('no-address');
  const { text } = decodeBody(bytes, null);
  const page = { url: address, status: 200, contentType: null, etag: null, lastModified: null, bytes, text };
  return { page, robots: null };
}
