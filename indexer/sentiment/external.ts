import { z } from 'zod';
import type { ExternalSentimentSettings } from '../../config/sentiment.ts';
import type { Sentiments } from './types.ts';

/**
 * The contract with a model elsewhere: `POST` of `{"texts": [string, …]}`, answered with 200 and
 * `{"labels": [{"negative", "neutral", "positive"}, …]}`, one for each text in the same order, as shares of whatever sum.
 */
const share = z.number().min(0).finite();
const answer = z.object({
  labels: z.array(z.object({ negative: share, neutral: share, positive: share })),
});

/** More of a text is not sent, in UTF-16 units. */
const LONGEST = 2_000;
/** Questions at a time, of one process. */
const PARALLEL = 2;
/** Of an answer no more is read: a label takes some 80 bytes. */
const MOST_BYTES = 256 * 200;
/** After so many failures in a row nobody is asked for a while: batches must not wait for a time-out each. */
const FAILURES = 3;
const REST_MS = 60_000;

export type ExternalOptions = ExternalSentimentSettings & { secret: string | null };

/** How the model does: null when it answers, else what was wrong. Of what was asked and answered nothing. */
export type Heard = (why: Failure | null) => void;
export type Failure = 'no-answer-in-time' | 'not-reachable' | 'wrong-answer' | `status-${number}`;

/** While it answers, that is told so often: others may have said that it does not. */
const TELL_MS = 300_000;

/** Asks a model elsewhere, within bounds; whatever goes wrong, somebody else judges. */
export class ExternalSentiment {
  readonly #options: ExternalOptions;
  readonly #now: () => number;
  readonly #heard: Heard;
  /** Of the last right answer that was told; null: none yet, or a rest came after it. */
  #told: number | null = null;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  #failures = 0;
  #restsUntil = 0;

  /**
   * @param now a clock in ms, for the rest after failures
   * @param heard told once when a rest begins, at the first right answer, and every few minutes while there are
   */
  constructor(options: ExternalOptions, now: () => number = Date.now, heard: Heard = () => {}) {
    this.#options = options;
    this.#now = now;
    this.#heard = heard;
  }

  /**
   * What each text feels like; null where the model has not said so in time or in the right form. Never throws.
   * @param texts redacted: they leave the hub
   */
  async judge(texts: readonly string[]): Promise<(Sentiments | null)[]> {
    const { batch } = this.#options;
    const parts: (readonly string[])[] = [];
    for (let at = 0; at < texts.length; at += batch) parts.push(texts.slice(at, at + batch));
    return (await Promise.all(parts.map((part) => this.#inTurn(part)))).flat();
  }

  async #inTurn(texts: readonly string[]): Promise<(Sentiments | null)[]> {
    if (this.#running >= PARALLEL) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      return await this.#ask(texts);
    } finally {
      // Whoever waits takes this turn over.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }

  async #ask(texts: readonly string[]): Promise<(Sentiments | null)[]> {
    const none = texts.map(() => null);
    if (this.#now() < this.#restsUntil) return none;
    try {
      const labels = await this.#post(texts);
      this.#failures = 0;
      if (this.#told === null || this.#now() >= this.#told + TELL_MS) {
        this.#told = this.#now();
        this.#heard(null);
      }
      return labels;
    } catch (error) {
      this.#failures += 1;
      // One question after the rest decides about the next rest; of two that fail at once, the first.
      if (this.#failures >= FAILURES && this.#now() >= this.#restsUntil) {
        this.#restsUntil = this.#now() + REST_MS;
        this.#told = null;
        this.#heard(failureOf(error));
      }
      return none;
    }
  }

  /** @throws when there is no right answer in time */
  async #post(texts: readonly string[]): Promise<(Sentiments | null)[]> {
    const { url, timeoutSeconds, secret } = this.#options;
    const response = await fetch(url, {
      method: 'POST',
      // A secret and texts go to the address that was named and to no other.
      redirect: 'error',
      headers: {
        'content-type': 'application/json',
        ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
      },
      body: JSON.stringify({ texts: texts.map((text) => text.slice(0, LONGEST).toWellFormed()) }),
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new WrongStatus(response.status);
    }
    const { labels } = answer.parse(JSON.parse(await readBounded(response)));
    if (labels.length !== texts.length) throw new Error(`${labels.length} labels for ${texts.length} texts`);
    return labels.map(toShares);
  }
}

class WrongStatus extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`answered ${status}`);
    this.status = status;
  }
}

/** By what a fault is, never by its words: those may hold a piece of the answer. */
function failureOf(error: unknown): Failure {
  if (error instanceof WrongStatus) return `status-${error.status}`;
  if (error instanceof DOMException) return 'no-answer-in-time';
  // What `fetch` throws when there is no connection, or another address is named.
  return error instanceof TypeError ? 'not-reachable' : 'wrong-answer';
}

/** Null where nothing was said: all three nought. */
function toShares({ negative, neutral, positive }: Sentiments): Sentiments | null {
  const sum = negative + neutral + positive;
  return sum === 0 ? null : { negative: negative / sum, neutral: neutral / sum, positive: positive / sum };
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += (chunk as Uint8Array).length;
    if (length > MOST_BYTES) throw new Error('answer is too large');
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}
