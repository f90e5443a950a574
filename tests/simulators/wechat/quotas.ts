import { shanghaiDay } from '../../../config/shanghai.ts';

/** Calls of a new account in a day, by path. */
const DAILY: Record<string, number> = {
  '/cgi-bin/token': 2_000,
  '/cgi-bin/stable_token': 500_000,
  '/cgi-bin/media/upload': 100_000,
  '/cgi-bin/media/get': 200_000,
  '/cgi-bin/message/custom/send': 500_000,
  '/cgi-bin/message/mass/sendall': 100,
  '/cgi-bin/message/mass/send': 100,
  '/cgi-bin/message/mass/preview': 100,
  '/cgi-bin/message/mass/delete': 10,
  '/cgi-bin/draft/add': 1_000,
  '/cgi-bin/draft/update': 1_000,
  '/cgi-bin/draft/delete': 1_000,
  '/cgi-bin/draft/count': 1_000,
  '/cgi-bin/draft/batchget': 1_000,
  '/cgi-bin/draft/get': 500,
  '/cgi-bin/freepublish/submit': 100,
  '/cgi-bin/freepublish/get': 100,
  '/cgi-bin/freepublish/delete': 10,
  '/cgi-bin/freepublish/getarticle': 100,
  '/cgi-bin/freepublish/batchget': 100,
};
/** Calls in a minute, by path. */
const MINUTELY: Record<string, number> = {
  '/cgi-bin/stable_token': 10_000,
  '/cgi-bin/message/mass/sendall': 60,
  '/cgi-bin/message/mass/send': 60,
};

type Window = { name: string; calls: Map<string, number> };

/** What an account has used of its calls; days and months are those of Shanghai. */
export class Quotas {
  readonly daily: Record<string, number> = { ...DAILY };
  /** Absent: any number. */
  readonly minutely: Record<string, number> = { ...MINUTELY };
  readonly #day: Window = { name: '', calls: new Map() };
  readonly #minute: Window = { name: '', calls: new Map() };
  readonly #month: Window = { name: '', calls: new Map() };

  /** Counts a call. @returns which bound it went over; null: none */
  spend(path: string, now: number): 'minute' | 'day' | null {
    if (count(this.#minute, String(Math.floor(now / 60_000)), path) > (this.minutely[path] ?? Infinity)) {
      return 'minute';
    }
    return count(this.#day, shanghaiDay(new Date(now)), path) > (this.daily[path] ?? Infinity) ? 'day' : null;
  }

  /** Counts something of which there are so many in a month, or a day. @returns whether there was one left */
  take(what: string, most: number, now: number, by: 'day' | 'month'): boolean {
    const day = shanghaiDay(new Date(now));
    return by === 'day'
      ? count(this.#day, day, what) <= most
      : count(this.#month, day.slice(0, 7), what) <= most;
  }

  used(path: string, now: number): number {
    const isToday = this.#day.name === shanghaiDay(new Date(now));
    return Math.min(isToday ? (this.#day.calls.get(path) ?? 0) : 0, this.daily[path] ?? Infinity);
  }

  /** @param path null: of all paths */
  clear(path: string | null): void {
    if (path === null) this.#day.calls.clear();
    else this.#day.calls.delete(path);
  }

  snapshot(): [Window, Window] {
    return [this.#day, this.#month];
  }

  restore([day, month]: [Window, Window]): void {
    Object.assign(this.#day, day);
    Object.assign(this.#month, month);
  }
}

function count(window: Window, name: string, key: string): number {
  if (window.name !== name) {
    window.name = name;
    window.calls.clear();
  }
  const calls = (window.calls.get(key) ?? 0) + 1;
  window.calls.set(key, calls);
  return calls;
}
