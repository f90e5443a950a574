import type { Logger } from 'pino';
import { errorText } from '../config/errors.ts';
import type { Channel } from '../config/release-types.ts';
import { claimDeliveries, nextMoment, renewClaims } from '../store/delivery-claims.ts';
import { claimWithdrawals } from '../store/withdrawals.ts';
import { deliver } from './deliver.ts';
import { Leases, type Engine } from './deliver-engine.ts';
import { withdraw } from './deliver-withdraw.ts';

/** Deliveries in work at a time, for each channel: a platform that hangs keeps none of the others waiting. */
const HANDS: Record<Channel, number> = { website: 4, weibo: 12, wechat: 12 };
const WITHDRAWALS = 3;
/** What another process has put on the way is seen after no more than this. */
const IDLE_MS = 500;
/** Hands that become free within so long are filled together. */
const TOGETHER_MS = 25;
/** After a fault of the database. */
const FAULT_MS = 3_000;

/**
 * Takes deliveries and withdrawals on when they are due, until it is stopped. Any number of processes may run it, and any of them
 * may be killed at any moment: everything is in the database, and what one has claimed no other takes before its lease is over.
 */
export async function runDeliveries(engine: Engine, log: Logger, stop: AbortSignal): Promise<void> {
  const { leaseSeconds } = engine.patience;
  const leases = new Leases(leaseSeconds);
  const busy = new Map<Channel, number>();
  const running = new Set<Promise<void>>();
  let withdrawing = 0;
  let lookedForWithdrawals = -IDLE_MS;
  /** Something has ended since the loop last looked: there may be more to take. */
  let stirred: boolean;
  let awake = () => {};

  function run(work: () => Promise<string>, about: object, done: () => void): void {
    const ended = work()
      .then(
        (result) => log.info({ ...about, result }, 'delivery'),
        // The text alone: an error could carry what was to be sent.
        (err: unknown) => log.error({ ...about, err: errorText(err) }, 'delivery'),
      )
      .finally(() => {
        done();
        running.delete(ended);
        stirred = true;
        awake();
      });
    running.add(ended);
  }

  async function takeDeliveries(): Promise<number> {
    const free = new Map<Channel, number>();
    for (const [channel, hands] of Object.entries(HANDS) as [Channel, number][]) {
      const left = hands - (busy.get(channel) ?? 0);
      if (left > 0) free.set(channel, left);
    }
    if (free.size === 0) return 0;
    const since = performance.now();
    const claimed = await claimDeliveries(engine.store, engine.worker, free, engine.now(), leaseSeconds);
    for (const delivery of claimed) {
      const { id, channel } = delivery;
      leases.hold(id, since);
      busy.set(channel, (busy.get(channel) ?? 0) + 1);
      run(
        () => deliver(engine, leases, delivery),
        { deliveryId: id, channel },
        () => {
          leases.drop(id);
          busy.set(channel, (busy.get(channel) ?? 1) - 1);
        },
      );
    }
    return claimed.length;
  }

  async function takeWithdrawals(): Promise<number> {
    // What stands is taken back within a moment; it need not be asked for with every delivery.
    if (withdrawing >= WITHDRAWALS || performance.now() < lookedForWithdrawals + IDLE_MS) return 0;
    lookedForWithdrawals = performance.now();
    const found = await claimWithdrawals(engine.store, engine.now(), leaseSeconds, WITHDRAWALS - withdrawing);
    for (const withdrawal of found) {
      withdrawing += 1;
      run(
        () => withdraw(engine, withdrawal),
        { withdrawalId: withdrawal.id },
        () => (withdrawing -= 1),
      );
    }
    return found.length;
  }

  async function renew(): Promise<void> {
    const held = leases.held();
    if (held.length === 0) return;
    const since = performance.now();
    const ours = await renewClaims(engine.store, engine.worker, held, engine.now(), leaseSeconds);
    // What has ended meanwhile is not taken up again.
    for (const id of ours) if (leases.isHeld(id)) leases.hold(id, since);
  }

  const beat = setInterval(
    () => {
      renew().catch((err: unknown) => log.warn({ err: errorText(err) }, 'claims of deliveries'));
    },
    (leaseSeconds * 1_000) / 4,
  );

  while (!stop.aborted) {
    let pause: number;
    stirred = false;
    try {
      const taken = (await takeDeliveries()) + (await takeWithdrawals());
      pause = taken > 0 ? 0 : await untilNext(engine);
    } catch (err) {
      log.error({ err: errorText(err) }, 'deliveries');
      pause = FAULT_MS;
    }
    if (!stirred) await sleep(pause, stop, (wake) => (awake = wake));
    await sleep(TOGETHER_MS, stop, () => {});
  }
  await Promise.allSettled(running);
  clearInterval(beat);
}

async function untilNext(engine: Engine): Promise<number> {
  const at = await nextMoment(engine.store);
  if (at === null) return IDLE_MS;
  // What is due and was not taken waits for a free hand, which wakes the loop.
  const ms = at.getTime() - engine.now().getTime();
  return ms <= 0 ? IDLE_MS : Math.min(IDLE_MS, ms);
}

function sleep(ms: number, stop: AbortSignal, onWake: (wake: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stop.removeEventListener('abort', done);
      onWake(() => {});
      resolve();
    };
    const timer = setTimeout(done, ms);
    stop.addEventListener('abort', done);
    onWake(done);
  });
}
