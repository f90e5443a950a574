import type { Fetcher } from '../../../crawler/fetch/fetcher.ts';
import { standingFor } from '../../../store/stops.ts';
import type { Desk } from './desk.ts';
import { hub } from './hub.ts';

/** No source has it: what is asked for is no source yet, and only stops of hosts and of all concern it. */
const NO_SOURCE = 0;

/**
 * A fetcher with the manners and bounds of the crawl role, for one question of one person: it shares hosts with the workers
 * and heeds what is stopped for the office. Loaded when it is asked for: most web processes never fetch anything.
 */
export async function openFetcher(desk: Desk): Promise<{ fetcher: Fetcher; close(): Promise<void> }> {
  const { runtime, log } = hub();
  const { crawler, office } = runtime.hub;
  const [{ Fetcher }, { DatabaseHostDesk }] = await Promise.all([
    import('../../../crawler/fetch/fetcher.ts'),
    import('../../../hub/crawling/host-desk.ts'),
  ]);
  const hosts = new DatabaseHostDesk(desk.db, runtime.databaseUrl, log);
  const fetcher = new Fetcher({ ...crawler, officeName: office.name }, hosts);
  return {
    fetcher: fetcher.heeding(() => standingFor(desk.db, { id: NO_SOURCE, officeId: desk.office })),
    async close() {
      await fetcher.close();
      await hosts.close();
    },
  };
}

/** Whether the hub says who it is: without a contact it does not ask other people's sites for anything. */
export function hasContact(): boolean {
  return hub().runtime.hub.crawler.contact !== '';
}
