import { secondsToShanghaiMidnight } from '../../config/shanghai.ts';
import type { NotDone } from './contract.ts';
import { NoAnswer, NotSent } from './http.ts';

/**
 * What a platform's refusal means, named by what follows from it.
 * `busy`: it may pass, and a call that writes may have been carried out all the same. `wait`: too many in a short while.
 * `quota`: none left today. `token`: the token is not good any more; the call was not carried out. `reauthorise`, `administrator`:
 * the account stands still until somebody has seen to it. `content`: as it is, it will not be taken. `stale`: what the call names
 * is not there. `repeated`: the same stands there already. `failed`: refused for a reason that the hub does not know.
 */
export type FaultClass =
  | 'busy'
  | 'wait'
  | 'quota'
  | 'token'
  | 'reauthorise'
  | 'administrator'
  | 'content'
  | 'stale'
  | 'repeated'
  | 'failed';

/** A platform has answered that it does not do what was asked. `why`: Chinese, for people. */
export class PlatformFault extends Error {
  readonly class: FaultClass;
  readonly code: string;
  readonly why: string;
  readonly requestId: string | undefined;
  /** How long it wants to be left alone; null: it does not say. */
  readonly waitSeconds: number | null;
  constructor(
    kind: FaultClass,
    said: { code: string; why: string; requestId?: string | undefined; waitSeconds?: number | null },
  ) {
    super(`${kind} ${said.code}`);
    this.class = kind;
    this.code = said.code;
    this.why = said.why;
    this.requestId = said.requestId;
    this.waitSeconds = said.waitSeconds ?? null;
  }
}

const BUSY_SECONDS = 30;
const MINUTE_SECONDS = 61;
/** The platforms begin the day anew at midnight in Shanghai, by their own clocks. */
const AFTER_MIDNIGHT_MS = 60_000;

/** When the day's calls begin anew. */
export function tomorrow(now: Date): Date {
  return new Date(now.getTime() + secondsToShanghaiMidnight(now.getTime()) * 1000 + AFTER_MIDNIGHT_MS);
}

/** The beginning of the next hour, when limits by the hour are counted anew. */
export function nextHour(now: Date): Date {
  return new Date(Math.floor(now.getTime() / 3_600_000) * 3_600_000 + 3_600_000 + 1_000);
}

/** A fault of a call that has left nothing behind, as the engine wants to know it. */
export function notDone(fault: PlatformFault, now: Date): NotDone {
  const { code, why, requestId, waitSeconds } = fault;
  const said = { why, code, ...(requestId !== undefined && { requestId }) };
  const inSeconds = (seconds: number) => new Date(now.getTime() + (waitSeconds ?? seconds) * 1000);
  switch (fault.class) {
    case 'busy':
    case 'token':
      return { kind: 'retry', at: inSeconds(BUSY_SECONDS), ...said };
    case 'wait':
      return { kind: 'retry', at: inSeconds(MINUTE_SECONDS), ...said };
    case 'quota':
      return { kind: 'quota', until: waitSeconds === null ? tomorrow(now) : inSeconds(0), ...said };
    case 'reauthorise':
    case 'administrator':
      return { kind: 'stopped', problem: fault.class, ...said };
    case 'content':
    case 'repeated':
      return { kind: 'refused', ...said };
    case 'stale':
      return { kind: 'retry', at: inSeconds(0), ...said };
    case 'failed':
      return { kind: 'failed', ...said };
  }
}

/** The platform has refused, or was not reached: nothing was learnt, and that is all. */
export function isNoWord(error: unknown): error is PlatformFault | NotSent | NoAnswer {
  return error instanceof PlatformFault || error instanceof NotSent || error instanceof NoAnswer;
}

/** Runs what can be repeated without harm; a refusal becomes what follows from it. Faults of the connection go through. */
export async function attempt<T>(now: () => Date, work: () => Promise<T>): Promise<T | NotDone> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PlatformFault) return notDone(error, now());
    throw error;
  }
}
