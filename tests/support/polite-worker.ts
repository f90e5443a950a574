import pino from 'pino';
import { asNotGot, type NotGot } from '../../crawler/errors.ts';
import { Fetcher } from '../../crawler/fetch/fetcher.ts';
import { DatabaseHostDesk } from '../../hub/crawling/host-desk.ts';
import { openStore } from '../../store/pool.ts';
import { standingFor } from '../../store/stops.ts';
import { EVERY_OFFICE, scoped } from '../../store/scope.ts';

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
  const desk = new DatabaseHostDesk(pool, databaseUrl, pino({ level: 'silent' }));
  const settings = { contact: 'tests', requestTimeoutSeconds: 60, maxPageMegabytes: 1 };
  const fetcher = new Fetcher(
    { ...settings, officeName: name, paceSeconds, allowPrivateHosts: ['127.0.0.1'] },
    desk,
  );
  const heeding = fetcher.heeding(() => standingFor(scoped(pool, EVERY_OFFICE), { id: 0, officeId }));
  const got: string[] = [];
  const failed: Outcome['failed'] = [];
  const left = [...urls];
  const lane = async () => {
    for (let url = left.shift(); url !== undefined; url = left.shift()) {
      const reason = await withTries(() => heeding.get(url));
      if (reason === null) got.push(url);
      else failed.push({ url, code: reason.code, retryAfter: reason.retryAfterSeconds });
    }
  };
  await Promise.all(Array.from({ length: 4 }, lane));
  await fetcher.close();
  await desk.close();
  await pool.end();
  return { got, failed };
}

/** Four tries, as a visit makes them. Null: it was got. */
async function withTries(get: () => Promise<unknown>): Promise<NotGot | null> {
  for (let left = 3; ; left -= 1) {
    try {
      await get();
      return null;
    } catch (error) {
      const reason = asNotGot(error);
      if (left === 0 || !reason.passing) return reason;
    }
  }
}

if (import.meta.main)
  process.stdout.write(JSON.stringify(await work(JSON.parse(process.argv[2] ?? '') as Order)) + '\n');
