import { decodeRuntime, type Runtime } from '../config/runtime.ts';
import { openCipher } from '../config/cipher.ts';
import { readEnv } from '../config/env.ts';
import { openLog } from '../config/log.ts';
import { openAuditLog } from '../store/audit.ts';
import type { Role, RoleName } from './roles/contract.ts';

/** One entry for each role: only the code of the role that runs is loaded. */
const load: Record<RoleName, () => Promise<Role>> = {
  clock: async () => (await import('./roles/clock.ts')).clock,
  crawl: async () => (await import('./roles/crawl.ts')).crawl,
  index: async () => (await import('./roles/index.ts')).index,
  publish: async () => (await import('./roles/publish.ts')).publish,
  web: async () => (await import('./roles/web.ts')).web,
  sample: async () => (await import('./roles/sample.ts')).sample,
};

/** Work that does not end by then is cut off: it is done again after the next start. */
const STOP_MS = 2_000;

/**
 * Runs one role in this process until SIGTERM, or until the supervisor is gone.
 * @param supervised not started by hand: Ctrl-C in the terminal is then the supervisor's to handle
 */
export async function runRole(name: RoleName, runtime: Runtime, supervised = false): Promise<void> {
  const log = openLog(name);
  openAuditLog(openCipher(runtime.keys));
  const untell = runtime.hub.sentiment.external
    ? (await import('./sentiment-health.ts')).tellSentimentHealth(runtime, log)
    : null;
  const stop = await (await load[name]())(runtime, log);
  log.info('started');
  process.send?.({ ready: name });

  let stopping = false;
  const end = (why: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ why }, 'stopping');
    setTimeout(() => process.exit(0), STOP_MS).unref();
    void stop()
      .then(untell)
      .catch((err: unknown) => log.warn({ err }, 'stopping'))
      .finally(() => process.exit(0));
  };
  process.on('SIGTERM', () => end('asked'));
  process.on('SIGINT', () => {
    if (!supervised) end('asked');
  });
  process.on('disconnect', () => end('the supervisor is gone'));
  process.on('unhandledRejection', (err) => log.error({ err }, 'a promise was left alone'));
}

if (import.meta.main) {
  const runtime = decodeRuntime(readEnv());
  if (!runtime) throw new Error("this entry is the supervisor's; use `jiansheng start --role`");
  await runRole(process.argv[2] as RoleName, runtime, true);
}
