import type { PoolClient } from 'pg';
import { shanghaiTime } from '../config/shanghai.ts';
import type { NoticeKind, NoticeLevel } from '../config/notices.ts';
import { endAttempt, noteAttempt, type AttemptKind, type Ended } from '../store/delivery-attempts.ts';
import type { ClaimedDelivery } from '../store/delivery-claims.ts';
import { moveDelivery, settleRelease, type Change } from '../store/delivery-moves.ts';
import { tellLive } from '../store/live.ts';
import { requestNotice } from '../store/notice-requests.ts';
import { transaction } from '../store/pool.ts';
import type { NotDone, Outcome } from './channels/contract.ts';
import { NoAnswer, NotSent } from './channels/http.ts';
import { Lost } from './deliver-engine.ts';
import { lookAt, lookPause, missedAt, retryPause } from './deliver-rules.ts';
import { claimOf, markPublished, type Work } from './deliver-tools.ts';
import { messages } from './messages.ts';

/** After so many faults of the program itself it is not tried any more. */
const FAULTS = 8;

/**
 * What an error of an adapter means: before the irreversible call nothing was done; after it that is only certain where nothing
 * has left; else anything may have happened, also when it is the program itself that failed.
 */
export function outcomeOf(error: unknown, work: Work): Outcome {
  if (error instanceof Lost) throw error;
  const { engine, delivery, trace } = work;
  const told = error instanceof NotSent || error instanceof NoAnswer;
  if (!told) engine.log.error({ err: error, deliveryId: delivery.id }, 'a channel failed');
  const words = messages.tries;
  if (trace.begun === 'maybe') {
    return { kind: 'unknown', why: words.unknown(told ? error.detail : 'error') };
  }
  if (!told && delivery.tries >= FAULTS) return { kind: 'failed', why: words.faultForGood };
  const why = !told
    ? words.fault
    : error instanceof NotSent
      ? words.notSent(error.detail)
      : words.noAnswer(error.detail);
  return { kind: 'retry', at: engine.now(), why };
}

/**
 * Writes down what a try has come to, in one transaction: state, next step, ledger, release, and whom to tell.
 * @returns what the delivery is doing now, for the log
 */
export async function settle(work: Work, kind: AttemptKind, outcome: Outcome): Promise<string> {
  if (work.trace.together) return outcome.kind;
  const { engine, delivery } = work;
  const now = engine.now();
  await transaction(work.store, async (client) => {
    if (outcome.kind === 'published') {
      const { address, note } = outcome;
      if (!(await markPublished(client, work, { address, ...(note !== undefined && { note }) }, now)))
        throw new Lost();
    } else {
      const change = await changeFor(client, work, outcome, now);
      if (!(await moveDelivery(client, claimOf(work), delivery.state, change))) throw new Lost();
      if ((change.state ?? delivery.state) !== delivery.state)
        await settleRelease(client, delivery.releaseId, now);
      await tellLive(client, { kind: 'delivery', officeId: delivery.officeId, deliveryId: delivery.id });
    }
    await writeDown(client, work, kind, endedBy(outcome));
  });
  return outcome.kind;
}

/** The ledger: the row of the irreversible call is ended, any other try gets one of its own. */
export async function writeDown(
  client: PoolClient,
  work: Work,
  kind: AttemptKind,
  ended: Ended,
): Promise<void> {
  const { engine, delivery, trace } = work;
  if (trace.attempt !== null) await endAttempt(client, trace.attempt, { ...ended, at: engine.now() });
  else
    await noteAttempt(client, delivery, {
      ...ended,
      kind,
      startedAt: trace.startedAt,
      finishedAt: engine.now(),
    });
}

function endedBy(outcome: Outcome): Ended {
  return {
    outcome: outcome.kind,
    detail: 'why' in outcome ? outcome.why : null,
    ...('code' in outcome && outcome.code !== undefined && { code: outcome.code }),
    ...(outcome.requestId !== undefined && { requestId: outcome.requestId }),
  };
}

async function changeFor(
  client: PoolClient,
  work: Work,
  outcome: Exclude<Outcome, { kind: 'published' }>,
  now: Date,
): Promise<Change> {
  const { delivery, engine } = work;
  switch (outcome.kind) {
    case 'processing':
      return {
        state: 'processing',
        nextAt: lookAt(engine.patience, outcome.lookAgainAt, now),
        problem: null,
        reason: null,
        tries: delivery.state === 'processing' ? delivery.tries + 1 : 0,
      };
    case 'unknown':
      return {
        ...{ state: 'unknown', problem: 'unknown', reason: outcome.why, tries: 0 },
        nextAt: new Date(now.getTime() + lookPause(engine.patience, 0)),
      };
    case 'refused':
      await tell(
        client,
        delivery,
        'delivery-failed',
        'yellow',
        messages.notices.failed(delivery.channel, outcome.why),
      );
      return { state: 'refused', problem: 'content', reason: outcome.why, nextAt: null };
    case 'failed':
      await tell(
        client,
        delivery,
        'delivery-failed',
        'orange',
        messages.notices.failed(delivery.channel, outcome.why),
      );
      return { state: 'failed', problem: null, reason: outcome.why, nextAt: null };
    case 'retry':
    case 'quota':
    case 'stopped':
      return waitFor(client, work, outcome, now);
  }
}

/** What comes later: as long as the platform works on it, it stays there; else it waits once more, until it is too late. */
async function waitFor(
  client: PoolClient,
  work: Work,
  outcome: Extract<NotDone, { kind: 'retry' | 'quota' | 'stopped' }>,
  now: Date,
): Promise<Change> {
  const { delivery, engine, account } = work;
  const polling = delivery.state === 'processing';
  const late = missedAt(delivery, engine.missedAfterMinutes);
  const bounded = (at: Date) => (polling || at < late ? at : late);
  const waiting = polling ? {} : ({ state: 'waiting', sentAt: null } as const);
  const words = messages.waits;
  switch (outcome.kind) {
    case 'retry': {
      const soonest = now.getTime() + retryPause(engine.patience, delivery.tries);
      const at = new Date(Math.max(outcome.at.getTime(), soonest));
      return {
        ...waiting,
        problem: 'retry',
        reason: outcome.why,
        tries: delivery.tries + 1,
        nextAt: bounded(at),
      };
    }
    case 'quota': {
      const until = shanghaiTime(outcome.until);
      const tooLate = !polling && outcome.until >= late;
      const reason = tooLate
        ? words.quotaTooLate(outcome.why, until, shanghaiTime(late))
        : words.quota(outcome.why, until);
      if (tooLate && delivery.problem !== 'quota') {
        await tell(
          client,
          delivery,
          'delivery-failed',
          'orange',
          messages.notices.failed(delivery.channel, reason),
        );
      }
      return {
        ...waiting,
        problem: 'quota',
        reason,
        tries: delivery.tries + 1,
        nextAt: bounded(outcome.until),
      };
    }
    case 'stopped': {
      if (await engine.stopAccount(client, account.id, outcome.problem, outcome.why)) {
        await tellOfAccount(client, work, outcome.why);
      }
      const reason = words.stopped(account.name, outcome.why);
      const nextAt = polling ? new Date(now.getTime() + STOPPED_LOOK_MS) : late;
      return { ...waiting, problem: outcome.problem, reason, tries: delivery.tries + 1, nextAt };
    }
  }
}

/** So often it is tried whether an account that was stopped can be asked again what became of something. */
const STOPPED_LOOK_MS = 600_000;

/** Has the office's staff told about a delivery. */
export async function tell(
  client: PoolClient,
  delivery: Pick<ClaimedDelivery, 'id' | 'officeId' | 'releaseId' | 'title'>,
  kind: NoticeKind,
  level: NoticeLevel,
  text: string,
): Promise<void> {
  const { id, officeId, releaseId, title } = delivery;
  await requestNotice(client, {
    ...{ officeId, kind, level, warningId: null, subject: `delivery:${id}` },
    ...{ title, text, path: `/releases/${releaseId}/schedule` },
  });
}

/** Has the office's staff told that an account cannot publish any more. */
export async function tellOfAccount(
  client: PoolClient,
  { account }: Pick<Work, 'account'>,
  why: string,
): Promise<void> {
  const { id, officeId, name } = account;
  await requestNotice(client, {
    ...{ officeId, kind: 'account-stopped', level: 'orange', warningId: null, subject: `channel:${id}` },
    ...{ title: name, text: messages.notices.stopped(name, why), path: '/channels' },
  });
}
