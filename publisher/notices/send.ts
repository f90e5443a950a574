import { OldKeyNeeded, SealBroken, type Cipher } from '../../config/cipher.ts';
import type { AddressGuard } from '../../config/address-guard.ts';
import { claimDelivery, recordTry, type Claimed, type Recorded } from '../../store/notice-deliveries.ts';
import { robotDoor } from '../../store/notice-robots.ts';
import type { Store } from '../../store/pool.ts';
import type { Mail } from './mail.ts';
import { composeNotice, type Message } from './message.ts';
import type { Outcome } from './outcome.ts';
import { postOnce } from './post-once.ts';
import { perMinute, robots } from './robots/index.ts';
import type { Door } from './robots/contract.ts';

/** What sending takes. */
export type Sender = {
  store: Store;
  cipher: Cipher;
  guard: AddressGuard;
  /** Null: the hub sends no mail. */
  mail: Mail | null;
  /** Of the hub's pages, without a trailing slash. */
  address: string;
  /** How long one try may take. */
  timeoutMs: number;
};

/** Seconds between two tries, by how many there were; the last one counts for all that follow. */
const PAUSES = [10, 30, 60, 120, 300, 600, 900];
/** After this a notice is news no longer, and is given up as not sent. */
const LONGEST_MS = 6 * 3_600_000;

/**
 * Sends the most urgent message that is due, if there is one that nobody else is sending.
 * @param clock read once more when the answer is there
 * @returns false when there was none
 */
export async function sendOne(sender: Sender, clock: () => Date): Promise<boolean> {
  const claimed = await claimDelivery(sender.store, clock(), perMinute);
  if (!claimed) return false;
  const outcome = await tryOnce(sender, claimed, clock());
  const now = clock();
  await recordTry(sender.store, claimed, now, recorded(outcome, claimed, now));
  return true;
}

/** Every other fault than those of the other side comes before anything has left: nothing is lost by throwing it away. */
async function tryOnce(sender: Sender, claimed: Claimed, now: Date): Promise<Outcome> {
  const { store, cipher, mail, address, timeoutMs } = sender;
  const message = composeNotice(claimed, claimed.purpose, address);
  const id = `notice-${claimed.id}`;
  if (claimed.robotId === null) {
    if (!mail) return { kind: 'refused', reason: 'no-mail' };
    if (claimed.mailbox === null) return { kind: 'refused', reason: 'gone' };
    // Only a hub that sends mail carries what it takes.
    const { sendMail } = await import('./mail.ts');
    return sendMail(mail, claimed.mailbox, message, id, timeoutMs);
  }
  try {
    const door = await robotDoor(store, cipher, claimed.robotId);
    if (!door) return { kind: 'refused', reason: 'gone' };
    return await callRobot(sender, door, message, now, id);
  } catch (error) {
    if (!(error instanceof OldKeyNeeded || error instanceof SealBroken)) throw error;
    return { kind: 'refused', reason: 'secret-unreadable' };
  }
}

/** One call of a robot, and what it answers. */
export async function callRobot(
  { guard, timeoutMs }: Pick<Sender, 'guard' | 'timeoutMs'>,
  door: Door & { kind: keyof typeof robots },
  message: Message,
  now: Date,
  id: string,
): Promise<Outcome> {
  const robot = robots[door.kind];
  const answer = await postOnce(robot.call(message, door, now, id), guard, timeoutMs);
  return 'kind' in answer ? answer : robot.judge(answer);
}

/** What follows from the outcome of a try. */
export function recorded(
  outcome: Outcome,
  { attempts, madeAt, robotId }: Pick<Claimed, 'attempts' | 'madeAt' | 'robotId'>,
  now: Date,
): Recorded {
  const over = now.getTime() - madeAt.getTime() > LONGEST_MS;
  const base = { outcome: outcome.kind, dueAt: null, robotWaits: null } as const;
  if (outcome.kind === 'sent') return { ...base, state: 'sent', reason: null, detail: null };
  const said = { reason: outcome.reason as string, detail: outcome.detail ?? null };
  if (outcome.kind === 'unknown' || outcome.kind === 'refused')
    return { ...base, ...said, state: outcome.kind };
  if (over) return { ...base, ...said, state: 'failed' };
  if (outcome.kind === 'wait') {
    const until = new Date(now.getTime() + outcome.seconds * 1000);
    return { ...base, ...said, state: 'waiting', dueAt: until, robotWaits: robotId === null ? null : until };
  }
  const pause = PAUSES[Math.min(attempts, PAUSES.length) - 1] ?? 0;
  return { ...base, ...said, state: 'waiting', dueAt: new Date(now.getTime() + pause * 1000) };
}
