import type { IngestResult } from '../../indexer/ingest.ts';
import { keyOf, type AnyDraft } from '../../store/drafts.ts';
import { identityOf } from '../../store/posts.ts';

/** Counts what became of the items of one visit, each of them once: new, new in the words of another, or there already. */
export class Counting {
  #fresh = 0;
  #copies = 0;
  #handed = 0;
  #refused = 0;
  /** As hex: those that were known when asked about, and those that were handed over all the same. */
  readonly #known = new Set<string>();
  readonly #emitted = new Set<string>();

  identitiesOf(items: readonly string[]): Map<string, Buffer> {
    return new Map(items.map((item) => [item, identityOf(item)]));
  }

  /** @returns of the items, those that are not known */
  asked(identities: ReadonlyMap<string, Buffer>, known: ReadonlySet<string>): Set<string> {
    const unknown = new Set<string>();
    for (const [item, identity] of identities) {
      const hex = identity.toString('hex');
      if (known.has(hex)) this.#known.add(hex);
      else unknown.add(item);
    }
    return unknown;
  }

  stored(drafts: readonly AnyDraft[], result: IngestResult): void {
    this.#fresh += result.fresh;
    this.#copies += result.copies;
    this.#handed += drafts.length;
    this.#refused += result.refused.length;
    for (const draft of drafts) this.#emitted.add(identityOf(keyOf(draft)).toString('hex'));
  }

  get counts(): { fresh: number; copies: number; known: number } {
    const passedOver = [...this.#known].filter((identity) => !this.#emitted.has(identity)).length;
    const again = this.#handed - this.#refused - this.#fresh;
    return { fresh: this.#fresh, copies: this.#copies, known: passedOver + again };
  }
}
