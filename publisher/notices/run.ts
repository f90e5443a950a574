import type { Logger } from 'pino';
import { errorText } from '../../config/errors.ts';
import { giveUpInterrupted, isWorkWaiting } from '../../store/notice-deliveries.ts';
import { pause } from '../pause.ts';
import { escalateOne } from './escalate.ts';
import { sendOne, type Sender } from './send.ts';
import { takeOne } from './take.ts';

/** So often it is looked whether there is something to tell. */
const LOOK_MS = 1_000;
/** After a fault of the database. */
const FAULT_MS = 5_000;
/** Messages on their way at a time, each to another robot or mailbox. */
const AT_A_TIME = 4;
/** One round makes no more notices than this before it sends. */
const ROUND = 200;
/** A try that takes so much longer than it may is nobody's any more. */
const LEASE = 3;

/**
 * Makes notices of requests, sends what is due and tells others when nobody has seen to something, until it is stopped. Any
 * number of processes may run it: what one has taken no other takes.
 */
export async function runNotices(sender: Sender, log: Logger, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    let ms = LOOK_MS;
    try {
      const now = new Date();
      if (await isWorkWaiting(sender.store, now, leaseEnd(sender, now))) {
        await noticeRound(sender, () => new Date(), log);
      }
    } catch (err) {
      // The text alone: an error could carry what was to be sent.
      log.error({ err: errorText(err) }, 'notices');
      ms = FAULT_MS;
    }
    await pause(ms, stop);
  }
}

function leaseEnd({ timeoutMs }: Sender, now: Date): Date {
  return new Date(now.getTime() - LEASE * timeoutMs - 10_000);
}

/** Everything that is to be done at this moment. */
export async function noticeRound(sender: Sender, clock: () => Date, log: Logger): Promise<void> {
  const { store, mail } = sender;
  const lost = await giveUpInterrupted(store, clock(), leaseEnd(sender, clock()));
  if (lost.length > 0) log.warn({ deliveries: lost }, 'notices of which nobody knows whether they arrived');
  for (let made = 0; made < ROUND; made += 1) if (!(await takeOne(store, clock(), mail !== null))) break;
  for (let made = 0; made < ROUND; made += 1) if (!(await escalateOne(store, clock(), mail !== null))) break;
  await Promise.all(Array.from({ length: AT_A_TIME }, () => sendAll(sender, clock)));
}

async function sendAll(sender: Sender, clock: () => Date): Promise<void> {
  for (let sent = 0; sent < ROUND; sent += 1) if (!(await sendOne(sender, clock))) return;
}
