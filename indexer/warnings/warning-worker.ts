import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Pool } from '../../store/pool.ts';
import { dropRhythms } from '../../store/rhythms.ts';
import { dropRuleStates } from '../../store/rule-states.ts';
import { EVERY_OFFICE, oneOffice, scoped } from '../../store/scope.ts';
import { noteNothingToJudge, noteUnjudged } from '../../store/standstills.ts';
import { ensureRules, officesToJudge } from '../../store/warning-rules.ts';
import { evaluateOffice, type Seen } from './evaluate.ts';

/** How often all that is due is looked at, whether or not anything was posted. */
const ROUND_MS = 60_000;
/** An office is looked at no more often than this, however often something is posted. */
const PACE_MS = 500;
/** While nothing is to be done. */
const IDLE_MS = 100;
/** A subject that was silent for so long is learnt anew. */
const FORGOTTEN_MS = 14 * 86_400_000;
/** No cool-down is longer (config/warning-rules.ts). */
const COOLED_MS = 31 * 86_400_000;

/**
 * Judges offices by their rules for as long as it runs: at once where posts were grouped, each minute all. Several processes at
 * it share the offices.
 */
export class WarningWorker {
  readonly #pool: Pool;
  readonly #log: Logger;
  readonly #signal: AbortSignal;
  /** Offices that something was posted in. */
  readonly #touched = new Set<number>();
  /** When an office was looked at last. */
  readonly #looked = new Map<number, number>();
  readonly #seen = new Map<number, Seen>();

  constructor(pool: Pool, log: Logger, signal: AbortSignal) {
    [this.#pool, this.#log, this.#signal] = [pool, log, signal];
  }

  /** Something was posted, and grouped: the office is looked at soon. Costs nothing. */
  touch(officeId: number): void {
    this.#touched.add(officeId);
  }

  async run(): Promise<void> {
    let nextRound = 0;
    while (!this.#signal.aborted) {
      if (performance.now() >= nextRound) {
        nextRound = performance.now() + ROUND_MS;
        await this.#round();
      }
      for (const officeId of [...this.#touched]) {
        if (this.#signal.aborted) return;
        if (performance.now() - (this.#looked.get(officeId) ?? -PACE_MS) < PACE_MS) continue;
        this.#touched.delete(officeId);
        await this.#look(officeId, this.#seenOf(officeId));
        this.#looked.set(officeId, performance.now());
      }
      await sleep(IDLE_MS, undefined, { signal: this.#signal }).catch(() => {});
    }
  }

  #seenOf(officeId: number): Seen {
    const seen = this.#seen.get(officeId) ?? new Map<string, string>();
    this.#seen.set(officeId, seen);
    return seen;
  }

  async #round(): Promise<void> {
    const every = scoped(this.#pool, EVERY_OFFICE);
    let offices: number[] = [];
    try {
      // Offices are made at the desk, too.
      await ensureRules(every, null);
      await dropRhythms(every, new Date(Date.now() - FORGOTTEN_MS));
      await dropRuleStates(every, new Date(Date.now() - COOLED_MS));
      offices = await officesToJudge(every);
      await noteNothingToJudge(every, offices, new Date());
    } catch (err) {
      if (!this.#signal.aborted) this.#log.warn({ err }, 'which offices are to be judged is not known now');
    }
    for (const officeId of offices) {
      if (this.#signal.aborted) return;
      await this.#look(officeId, null);
    }
  }

  async #look(officeId: number, seen: Seen | null): Promise<void> {
    try {
      const looked = await evaluateOffice(
        scoped(this.#pool, oneOffice(officeId)),
        officeId,
        new Date(),
        seen,
      );
      // Another process is at it, and may have begun before the posts were there.
      if (looked === null && seen !== null) this.touch(officeId);
      if (looked && looked.suggested + looked.raised > 0)
        this.#log.info({ officeId, ...looked }, 'warnings suggested');
    } catch (err) {
      if (this.#signal.aborted) return;
      this.#log.error({ err, officeId }, 'an office could not be judged by its rules');
      // Where not even this can be written, the time of the last judging tells.
      await noteUnjudged(scoped(this.#pool, oneOffice(officeId)), officeId, failureOf(err)).catch(
        (also: unknown) =>
          this.#log.warn({ err: also, officeId }, 'that it could not be judged is not written'),
      );
    }
  }
}

/** A code: the text of an error of the database may hold what somebody wrote. */
function failureOf(err: unknown): string {
  const { code, name } = err instanceof Error ? (err as NodeJS.ErrnoException) : {};
  return [code, name].find((text) => /^[\w-]{1,40}$/.test(text ?? '')) ?? 'unknown';
}
