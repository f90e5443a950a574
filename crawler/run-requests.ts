import {
  BasicCrawler,
  Configuration,
  EventManager,
  log,
  LogLevel,
  RequestList,
  type Request,
} from '@crawlee/basic';
import { asNotGot, type NotGot } from './errors.ts';

/**
 * Crawlee's own event manager measures memory by starting `ps` every second, and fails where there is none. Concurrency
 * here is bounded by number, so that nothing needs the measurement.
 */
class QuietEvents extends EventManager {}

log.setLevel(LogLevel.OFF);

const settings = new Configuration({
  persistStorage: false,
  purgeOnStart: false,
  availableMemoryRatio: 0.5,
  eventManager: new QuietEvents(),
});

export type RequestOutcome = { failures: { url: string; reason: NotGot }[] };

/**
 * Handles every address once, some at a time, and tries again what failed for a reason that may pass.
 * Crawlee keeps the list, the concurrency and the retries; pace and robots are the fetcher's.
 * @param urls absolute addresses
 * @param handle throws NotGot when the address cannot be had
 */
export async function runRequests(
  urls: readonly string[],
  handle: (url: string) => Promise<void>,
  options: { concurrency: number; retries: number },
): Promise<RequestOutcome> {
  const failures: RequestOutcome['failures'] = [];
  if (urls.length === 0) return { failures };
  const list = await RequestList.open(
    null,
    urls.map((url) => ({ url, uniqueKey: url })),
    { persistRequestsKey: undefined, persistStateKey: undefined },
  );
  const crawler = new BasicCrawler(
    {
      requestList: list,
      useSessionPool: false,
      retryOnBlocked: false,
      minConcurrency: Math.min(options.concurrency, urls.length),
      maxConcurrency: options.concurrency,
      maxRequestRetries: options.retries,
      // The fetcher has limits of its own for each request; this one only catches a handler that never ends. A thread
      // of many pages, at the pace of its host and in turn with three others, takes hours.
      requestHandlerTimeoutSecs: 86_400,
      statusMessageLoggingInterval: 3_600,
      autoscaledPoolOptions: { maybeRunIntervalSecs: 0.05, loggingIntervalSecs: null },
      requestHandler: async ({ request }) => {
        try {
          await handle(request.url);
        } catch (error) {
          const reason = asNotGot(error);
          remember(request, reason);
          request.noRetry = !reason.passing;
          throw reason;
        }
      },
      failedRequestHandler: ({ request }, error) => {
        failures.push({ url: request.url, reason: recall(request) ?? asNotGot(error) });
      },
    },
    settings,
  );
  await crawler.run();
  return { failures };
}

const remembered = new WeakMap<Request, NotGot>();
const remember = (request: Request, reason: NotGot) => void remembered.set(request, reason);
const recall = (request: Request) => remembered.get(request);
