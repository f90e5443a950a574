/** Somebody else who has the same release open. */
export type Other = { name: string; wrote: boolean };

/** Often enough that somebody who left is gone soon, seldom enough not to be felt. */
const EVERY_MS = 20_000;

/** Who else has the release open; tells the hub that somebody is here, and whether they write. */
export class Presence {
  others = $state.raw<readonly Other[]>([]);
  /** Of the release as it stands in the hub; 0: not known yet. */
  version = $state(0);
  #wrote = false;
  readonly #address: string;

  constructor(releaseId: number) {
    this.#address = `/releases/${releaseId}/presence`;
  }

  wrote(): void {
    this.#wrote = true;
  }

  /** @returns what ends it */
  start(): () => void {
    void this.tell();
    const timer = setInterval(() => void this.tell(), EVERY_MS);
    return () => {
      clearInterval(timer);
      navigator.sendBeacon(
        this.#address,
        new Blob([JSON.stringify({ left: true })], { type: 'application/json' }),
      );
    };
  }

  async tell(): Promise<void> {
    const wrote = this.#wrote;
    this.#wrote = false;
    try {
      const answer = await fetch(this.#address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ wrote }),
      });
      if (!answer.ok) return;
      const said = (await answer.json()) as { others: Other[]; version: number };
      [this.others, this.version] = [said.others, said.version];
    } catch {
      // A save tells what is wrong with the line; who else is here is told again with the next turn.
    }
  }
}
