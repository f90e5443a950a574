import { Fetcher } from '../../crawler/fetch/fetcher.ts';
import { NotGot } from '../../crawler/errors.ts';
import { probeAddress } from '../../crawler/probe.ts';
import { readHubFile } from '../../config/hub.ts';
import { messages } from '../messages.ts';
import { commonOptions } from '../options.ts';

/** Manners of a trial from a terminal: those of the settings where there are some. */
const DEFAULTS = {
  contact: 'jiansheng crawl',
  requestTimeoutSeconds: 20,
  maxPageMegabytes: 8,
  paceSeconds: 1,
};

/** `jiansheng crawl <url>`: what would be got from an address, as JSON. Stores nothing. */
export async function crawl(args: string[]): Promise<number> {
  const { config, rest } = commonOptions(args);
  const [address] = rest;
  if (!address || !URL.canParse(address) || !/^https?:/.test(address)) {
    console.error(messages.crawlUsage);
    return 2;
  }
  const hub = config === null ? null : readHubFile(config);
  // The person at the terminal names the address, so that an inner one is meant; where it leads on is still guarded.
  const allowPrivateHosts = [...(hub?.crawler.allowPrivateHosts ?? []), new URL(address).host];
  const settings = {
    ...DEFAULTS,
    ...hub?.crawler,
    officeName: hub?.office.name ?? 'jiansheng',
    allowPrivateHosts,
  };
  const fetcher = new Fetcher(settings);
  try {
    console.log(JSON.stringify(await probeAddress(address, fetcher, Date.now()), null, 2));
    return 0;
  } catch (error) {
    if (!(error instanceof NotGot)) throw error;
    console.error(messages.crawlFailed(error.code, error.message));
    return 1;
  } finally {
    await fetcher.close();
  }
}
