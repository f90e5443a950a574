/** Tries allowed within the window, by what is counted. */
const WINDOW_MS = 15 * 60_000;
/** One person at one desk: enough for a forgotten capital letter. */
const PER_PERSON_AND_PLACE = 5;
/** Against guesses at one person from many places; above the former, so that a stranger cannot easily lock a person out. */
const PER_PERSON = 30;
/** A whole office may share one address behind a proxy. */
const PER_PLACE = 100;
const MAX_KEYS = 20_000;

type Count = { tries: number; until: number };

/** Counts tries to sign in, in this process's memory. A try is counted before the password is looked at. */
export class SignInLimit {
  readonly #counts = new Map<string, Count>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** @returns 0 when the try may go on, else how many seconds to wait */
  take(email: string, place: string): number {
    const now = this.#now();
    const limits = limitsOf(email, place);
    const blocked = limits.flatMap(([key, most]) => {
      const count = this.#counts.get(key);
      return count && count.until > now && count.tries >= most ? [count.until - now] : [];
    });
    if (blocked.length > 0) return Math.ceil(Math.max(...blocked) / 1000);
    for (const [key] of limits) {
      const count = this.#counts.get(key);
      if (count && count.until > now) count.tries += 1;
      else this.#counts.set(key, { tries: 1, until: now + WINDOW_MS });
    }
    this.#prune(now);
    return 0;
  }

  /** The right password was given: this person's tries from here are forgotten. */
  succeeded(email: string, place: string): void {
    for (const [key] of limitsOf(email, place).slice(0, 2)) this.#counts.delete(key);
  }

  /** Bounded, whatever is thrown at it: first what has passed, then the oldest. */
  #prune(now: number): void {
    if (this.#counts.size <= MAX_KEYS) return;
    for (const [key, count] of this.#counts) if (count.until <= now) this.#counts.delete(key);
    for (const key of this.#counts.keys()) {
      if (this.#counts.size <= MAX_KEYS) return;
      this.#counts.delete(key);
    }
  }
}

function limitsOf(email: string, place: string): [string, number][] {
  return [
    [`both ${email} ${place}`, PER_PERSON_AND_PLACE],
    [`person ${email}`, PER_PERSON],
    [`place ${place}`, PER_PLACE],
  ];
}
