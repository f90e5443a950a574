import type { Logger } from 'pino';
import { errorText } from '../../config/errors.ts';
import { tellEnds, tellSilence } from '../../store/account-health.ts';
import type { Store } from '../../store/pool.ts';
import { afterMessages } from './messages.ts';
import { pause } from '../pause.ts';

/** Days are what it counts in. */
const EVERY_MS = 600_000;
/** The first look waits until what is sent on time has been. */
const FIRST_MS = 5_000;

/** Watches the accounts, until it is stopped: authorisations that end, and accounts to which nothing new comes. */
export async function watchAccounts(
  { store, now }: { store: Store; now: () => Date },
  log: Logger,
  stop: AbortSignal,
): Promise<void> {
  await pause(FIRST_MS, stop);
  while (!stop.aborted) {
    try {
      await watchOnce(store, now());
    } catch (err) {
      log.error({ err: errorText(err) }, 'the accounts cannot be watched');
    }
    await pause(EVERY_MS, stop);
  }
}

/** @returns how many notices were asked for */
export async function watchOnce(store: Store, now: Date): Promise<number> {
  const { accounts } = afterMessages;
  return (await tellEnds(store, accounts, now)) + (await tellSilence(store, accounts, now));
}
