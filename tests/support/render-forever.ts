import { BrowserKeeper } from '../../crawler/browser/keeper.ts';
import { AddressGuard } from '../../crawler/fetch/address-guard.ts';
import { Fetcher } from '../../crawler/fetch/fetcher.ts';
import { chromium } from '../../hub/engines/chromium.ts';

/** Renders a page that never ends; `mark` tells its browser from others. */
const [origin = '', mark = ''] = process.argv.slice(2);
const host = new URL(origin).host;
const keeper = new BrowserKeeper({
  find: async () => {
    const program = await chromium();
    return { ...program, args: [...program.args, mark] };
  },
  guard: new AddressGuard([host]),
  userAgent: 'test',
  maxPageMegabytes: 1,
});
const fetcher = new Fetcher({
  contact: 'test',
  officeName: 'test',
  requestTimeoutSeconds: 20,
  maxPageMegabytes: 1,
  paceSeconds: 0,
  allowPrivateHosts: [host],
});
await keeper.visit(fetcher, fetcher, (rendering) => rendering({ scroll: 0 }).getText(`${origin}/`));
