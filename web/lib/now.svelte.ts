import { browser } from '$app/env';

/** The time that relative times are told against, one ticking clock for all of them. */
class Now {
  #date = $state(new Date());

  constructor() {
    if (browser) setInterval(() => (this.#date = new Date()), 20_000);
  }

  /** On the server every request has its own present; the ticking one is the browser's. */
  get date(): Date {
    return browser ? this.#date : new Date();
  }
}

export const now = new Now();
