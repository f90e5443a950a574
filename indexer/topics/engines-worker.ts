import { setImmediate } from 'node:timers/promises';
import {
  dropGroupingState,
  groupingState,
  groupingTurn,
  postsToGroupAnew,
  queueGrouping,
} from '../../store/grouping.ts';
import type { Queryable } from '../../store/pool.ts';
import { Concerns, FORM } from './concerns.ts';

/** Texts that all offices together may hold in memory: some 40 MB. */
const TEXTS = 20_000;
/** Even an engine without texts holds the counts of words: 2 MB. */
const LEAST_TEXTS = 1_000;
/** One that nothing came to for so long is put down. */
const IDLE_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
/** Where nothing is kept, or in an older form, so many days of posts are grouped anew. */
const ANEW_DAYS = 60;
const ANEW_PAGE = 5_000;

type Held = { concerns: Concerns; turn: number; usedAt: number };

/**
 * What grouping knows of offices, in memory as long as they are at work. Everything is kept in the database with each portion
 * (store/grouping.ts): what is put down here is read from there again, and so is what another process has gone on with.
 */
export class Engines {
  readonly #held = new Map<number, Held>();
  readonly #texts: number;

  /** @param texts how many all offices together may hold */
  constructor(texts = TEXTS) {
    this.#texts = texts;
  }

  /** Offices in memory whose posts are to be grouped anew by the clock. @param now Unix ms */
  due(now: number): number[] {
    return [...this.#held].filter(([, { concerns }]) => concerns.due(now)).map(([id]) => id);
  }

  /** Null when the office has none in memory. */
  peek(officeId: number): Concerns | null {
    return this.#held.get(officeId)?.concerns ?? null;
  }

  /** The state as of the last portion. For whoever holds `lockGrouping`. @param now Unix ms */
  async take(client: Queryable, officeId: number, now: number): Promise<Concerns> {
    const held = this.#held.get(officeId);
    if (held && held.turn === (await groupingTurn(client, officeId))) {
      held.usedAt = now;
      return held.concerns;
    }
    this.#held.delete(officeId);
    this.#makeRoom(now);
    const kept = await groupingState(client, officeId, FORM);
    if (!kept) {
      await dropGroupingState(client, officeId);
      await queueAnew(client, officeId, new Date(now - ANEW_DAYS * DAY_MS));
    }
    await setImmediate();
    const concerns = new Concerns(kept ?? null);
    this.#held.set(officeId, { concerns, turn: kept?.turn ?? 0, usedAt: now });
    return concerns;
  }

  /** What is in memory is what was kept under this turn. */
  kept(officeId: number, turn: number): void {
    const held = this.#held.get(officeId);
    if (held) held.turn = turn;
  }

  /** What is in memory was not kept: it is not to be used again. */
  drop(officeId: number): void {
    this.#held.delete(officeId);
  }

  /** Puts down what has not been used for long. @param now Unix ms */
  tidy(now: number): void {
    for (const [id, { usedAt }] of this.#held) if (now - usedAt > IDLE_MS) this.#held.delete(id);
  }

  #makeRoom(now: number): void {
    this.tidy(now);
    const oldest = [...this.#held].sort(([, a], [, b]) => a.usedAt - b.usedAt);
    let texts = oldest.reduce((sum, [, held]) => sum + sizeOf(held), 0);
    for (const [id, held] of oldest) {
      if (texts + LEAST_TEXTS <= this.#texts) return;
      texts -= sizeOf(held);
      this.#held.delete(id);
    }
  }
}

function sizeOf({ concerns }: Held): number {
  return Math.max(LEAST_TEXTS, concerns.facts.live);
}

/** Posts that are stored already come behind what waits. */
async function queueAnew(client: Queryable, officeId: number, since: Date): Promise<void> {
  for (let after = 0; ;) {
    const ids = await postsToGroupAnew(client, officeId, since, after, ANEW_PAGE);
    await queueGrouping(client, officeId, ids);
    const last = ids.at(-1);
    if (last === undefined || ids.length < ANEW_PAGE) return;
    after = last;
  }
}
