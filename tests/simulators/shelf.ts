import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Without a folder, the newest pictures are held until they come to so much. */
const HELD_BYTES = 8 * 1024 * 1024;

/** The bytes of what was uploaded: in a folder, or the newest of them in memory. */
export class Shelf {
  readonly #folder: string | null;
  readonly #held = new Map<string, Buffer>();
  #size = 0;

  constructor(folder: string | null) {
    this.#folder = folder;
    if (folder !== null) mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** @param id hexadecimal */
  keep(id: string, bytes: Buffer): void {
    if (this.#folder !== null) {
      writeFileSync(join(this.#folder, id), bytes);
      return;
    }
    this.#held.set(id, bytes);
    this.#size += bytes.length;
    for (const [oldest, held] of this.#held) {
      if (this.#size <= HELD_BYTES) break;
      this.#held.delete(oldest);
      this.#size -= held.length;
    }
  }

  /** Null: never kept, or not any more. */
  bytes(id: string): Buffer | null {
    if (!/^[0-9a-f]{8,64}$/.test(id)) return null;
    if (this.#folder === null) return this.#held.get(id) ?? null;
    try {
      return readFileSync(join(this.#folder, id));
    } catch {
      return null;
    }
  }
}
