import { asNotGot, type NotGot } from './errors.ts';

export type RequestOutcome = { failures: { url: string; reason: NotGot }[] };

/**
 * Handles every address once, some at a time, and tries again what failed for a reason that may pass: after the others,
 * so that whatever it was has time to pass. Pace, robots and time limits are the fetcher's.
 * @param urls absolute addresses
 * @param handle throws NotGot when the address cannot be had
 */
export async function runRequests(
  urls: readonly string[],
  handle: (url: string) => Promise<void>,
  options: { concurrency: number; retries: number },
): Promise<RequestOutcome> {
  const failures: RequestOutcome['failures'] = [];
  const line = [...new Set(urls)].map((url) => ({ url, tries: 0 }));
  let next = 0;
  const work = async () => {
    for (let one = line[next]; one !== undefined; one = line[next]) {
      next += 1;
      try {
        await handle(one.url);
      } catch (error) {
        const reason = asNotGot(error);
        const { url, tries } = one;
        // Whoever puts it back is still here to take it up when all others have nothing left to do.
        if (reason.passing && tries < options.retries) line.push({ url, tries: tries + 1 });
        else failures.push({ url, reason });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.concurrency, line.length) }, work));
  return { failures };
}
