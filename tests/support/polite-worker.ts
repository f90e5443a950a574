import { asNotGot } from '../../crawler/errors.ts';
import { Fetcher } from '../../crawler/fetch/fetcher.ts';
import { runRequests } from '../../crawler/run-requests.ts';
import { DatabaseHostDesk } from '../../hub/crawling/host-desk.ts';
import { openStore } from '../../store/pool.ts';
import { standingFor } from '../../store/stops.ts';
import { EVERY_OFFICE, scoped } from '../../store/scope.ts';
import { silent } from './engines.ts';

/** What a worker is told, as its one argument. */
export type Order = {
  databaseUrl: string;
  name: string;
  urls: string[];
  paceSeconds: number;
  officeId: number;
};
/** What it says at its end, as one line. */
export type Outcome = { got: string[]; failed: { url: string; code: string; retryAfter: number | null }[] };

/** A process of the crawler that reads pages of one host, four at a time, and does what a visit does with what fails. */
async function work({ databaseUrl, name, urls, paceSeconds, officeId }: Order): Promise<Outcome> {
  const pool = openStore(databaseUrl, 'test');
  const desk = new DatabaseHostDesk(pool, databaseUrl, silent);
  const settings = { contact: 'tests', requestTimeoutSeconds: 20, maxPageMegabytes: 1 };
  const fetcher = new Fetcher(
    { ...settings, officeName: name, paceSeconds, allowPrivateHosts: ['127.0.0.1'] },
    desk,
  );
  const heeding = fetcher.heeding(() => standingFor(scoped(pool, EVERY_OFFICE), { id: 0, officeId }));
  const got: string[] = [];
  const { failures } = await runRequests(
    urls,
    async (url) => {
      await heeding.get(url);
      got.push(url);
    },
    { concurrency: 4, retries: 3 },
  );
  await fetcher.close();
  await desk.close();
  await pool.end();
  const failed = failures.map(({ url, reason }) => {
    const { code, retryAfterSeconds } = asNotGot(reason);
    return { url, code, retryAfter: retryAfterSeconds };
  });
  return { got, failed };
}

if (import.meta.main)
  process.stdout.write(JSON.stringify(await work(JSON.parse(process.argv[2] ?? '') as Order)) + '\n');
