import { NO_READING, readAgainAt, tryAgainAt } from '../../crawler/sources/again.ts';
import type { PageMemory, PageNote } from '../../crawler/sources/contract.ts';
import type { ReasonCode } from '../../crawler/errors.ts';
import {
  duePages,
  lastVisited,
  rememberedPages,
  rememberPages,
  type RememberedPage,
} from '../../store/page-memory.ts';
import type { Store } from '../../store/pool.ts';

/** What a visit of the source is told of earlier ones: the pages, and when the last one got something. */
export async function earlierVisits(
  store: Store,
  source: { id: number; officeId: number },
  now: number,
): Promise<{ pages: PageMemory; since: number | null }> {
  const since = await lastVisited(store, source.id);
  return { pages: pageMemory(store, source, now), since: since?.getTime() ?? null };
}

/** The memory of a source's pages in the database. One visit at a time uses it: visits of a source are exclusive. */
export function pageMemory(store: Store, source: { id: number; officeId: number }, now: number): PageMemory {
  return {
    async due(most) {
      const pages = await duePages(store, source.id, new Date(now), most);
      const addresses = (read: boolean) =>
        pages.filter(({ comments }) => (comments !== null) === read).map(({ address }) => address);
      return { owed: addresses(false), read: addresses(true) };
    },
    async barred(addresses) {
      const barred = new Map<string, 'gone' | 'read' | ReasonCode>();
      for (const [address, page] of await rememberedPages(store, source.id, addresses)) {
        if (page.gone) barred.set(address, 'gone');
        else if (page.againAt !== null && page.againAt.getTime() <= now) continue;
        else if (page.comments !== null) barred.set(address, 'read');
        else if (page.againAt !== null || page.tries > 0) barred.set(address, page.reason as ReasonCode);
      }
      return barred;
    },
    async note(notes) {
      const known = await rememberedPages(
        store,
        source.id,
        notes.map(({ url }) => url),
      );
      const kept: RememberedPage[] = [];
      const forgotten: string[] = [];
      for (const note of notes) {
        const page = afterNote(known.get(note.url) ?? { ...NEW_PAGE, address: note.url }, note, now);
        if (page) kept.push(page);
        else forgotten.push(note.url);
      }
      await rememberPages(store, source, kept, forgotten);
    },
  };
}

const NEW_PAGE: Omit<RememberedPage, 'address'> = {
  gone: false,
  tries: 0,
  reason: null,
  comments: null,
  grewAt: null,
  againAt: null,
};

/** What is to be remembered of a page from now on; null: nothing. */
function afterNote(before: RememberedPage, note: PageNote, now: number): RememberedPage | null {
  const { address } = before;
  switch (note.came) {
    case 'gone':
      return { ...NEW_PAGE, address, gone: true };
    case 'later':
      return { ...before, reason: 'later', againAt: new Date(now) };
    case 'failed': {
      const tries = before.tries + 1;
      const at = tryAgainAt(tries, now);
      return { ...before, tries, reason: note.reason, againAt: at === NO_READING ? null : new Date(at) };
    }
    case 'read': {
      if (note.comments === null) return null;
      const grew = before.comments !== null && note.comments > before.comments;
      const grewAt = grew ? now : (before.grewAt?.getTime() ?? note.publishedAt ?? now);
      const at = readAgainAt({ grewAt, shown: note.shown, now });
      // Its readings are over: that it was read is what its post says.
      if (at === NO_READING) return null;
      return {
        ...NEW_PAGE,
        address,
        comments: note.comments,
        grewAt: new Date(grewAt),
        againAt: new Date(at),
      };
    }
  }
}
