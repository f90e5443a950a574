import type { ReleaseContent } from '../../../config/release-content.ts';
import type { ReleaseState } from '../../../store/releases.ts';
import { editorMessages } from '../messages/editor.ts';
import { messageOf } from './upload-parts.ts';

const words = editorMessages.save;

/** What is saved: the content, and what stands beside it. */
export type Draft = { content: ReleaseContent; urgent: boolean; embargoUntil: string | null };
/** What somebody else has saved meanwhile. */
export type Theirs = {
  content: ReleaseContent;
  version: number;
  savedBy: string | null;
  savedAt: string;
  /** Whether it can be written at all any more: it may have been scheduled meanwhile. */
  state: ReleaseState;
};
export type SaveHow = 'auto' | 'save' | 'import';

type State =
  | { is: 'saved' }
  | { is: 'waiting' }
  | { is: 'saving' }
  /** `again`: it is tried again without anybody's doing. */
  | { is: 'failed'; why: string; again: boolean }
  | { is: 'conflict'; theirs: Theirs };

/** Writers pause between sentences; what they wrote is safe after this. */
const PAUSE_MS = 2_000;
const FIRST_RETRY_MS = 3_000;
const LAST_RETRY_MS = 60_000;
/** Browsers let so much outlive the page that sends it (64 KB for all such requests together). */
const MOST_AT_LEAVING = 60_000;

/**
 * Saves a draft by itself, one save at a time, each over the version that the one before left. Whatever hinders it is told,
 * and what was written stays in the page until it is saved.
 */
export class Autosave {
  state = $state.raw<State>({ is: 'saved' });
  /** ISO. */
  savedAt = $state<string | null>(null);
  version = $state(0);
  /** What was saved last, to know whether anything is different. */
  #kept: string;
  readonly #address: string;
  readonly #read: () => Draft;
  #how: SaveHow = 'auto';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wait = FIRST_RETRY_MS;
  #running: Promise<void> | null = null;

  /** @param read what stands in the page now */
  constructor(releaseId: number, version: number, read: () => Draft) {
    this.#address = `/releases/${releaseId}/draft`;
    this.version = version;
    this.#read = read;
    this.#kept = JSON.stringify(read());
  }

  /** Whether something stands here that the hub does not have. */
  get unsaved(): boolean {
    return this.state.is !== 'saved';
  }

  /** Something may have changed: it is saved when nothing more changes for a moment. */
  changed(how: SaveHow = 'auto'): void {
    if (this.state.is === 'conflict') return;
    if (how !== 'auto') this.#how = how;
    if (!this.#running && JSON.stringify(this.#read()) === this.#kept) {
      clearTimeout(this.#timer);
      this.state = { is: 'saved' };
      return;
    }
    if (!this.#running) this.state = { is: 'waiting' };
    this.#in(PAUSE_MS);
  }

  /** Saves now what is not saved. @returns whether the hub has everything afterwards */
  async flush(how: SaveHow = 'auto'): Promise<boolean> {
    if (how !== 'auto') this.#how = how;
    clearTimeout(this.#timer);
    await this.#running;
    if (this.state.is === 'saved') return true;
    if (this.state.is === 'conflict') return false;
    this.#running = this.#save(false).finally(() => (this.#running = null));
    await this.#running;
    // The save may have changed it: the compiler believes what it saw above.
    return (this.state as State).is === 'saved';
  }

  /** The page may be about to go: one last try that outlives it, where the text is short enough for that. */
  leave(): void {
    if (this.state.is !== 'waiting' || this.#running) return;
    if (JSON.stringify(this.#read()).length * 3 > MOST_AT_LEAVING) return void this.flush();
    clearTimeout(this.#timer);
    this.#running = this.#save(true).finally(() => (this.#running = null));
  }

  /** The writer goes on from what stands in the page now, which is what the hub has as this version. */
  settle(version: number): void {
    clearTimeout(this.#timer);
    this.version = version;
    this.#kept = JSON.stringify(this.#read());
    this.state = { is: 'saved' };
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #in(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), ms);
  }

  async #save(leaving: boolean): Promise<void> {
    const draft = this.#read();
    const kept = JSON.stringify(draft);
    const how = this.#how;
    this.state = { is: 'saving' };
    const answer = await this.#put({ ...draft, version: this.version, how }, leaving);
    if (answer === null) return this.#fail(words.offline, true);
    const said: unknown = await answer.json().catch(() => null);
    if (answer.ok && hasVersion(said)) {
      [this.version, this.#kept, this.savedAt, this.#how] = [said.version, kept, said.savedAt, 'auto'];
      this.#wait = FIRST_RETRY_MS;
      this.state = { is: 'saved' };
      // Written on while it was on its way.
      if (JSON.stringify(this.#read()) !== kept) {
        this.state = { is: 'waiting' };
        this.#in(PAUSE_MS);
      }
      return;
    }
    if (answer.status === 409 && isTheirs(said)) this.state = { is: 'conflict', theirs: said };
    else if (answer.status === 401 || answer.redirected) this.#fail(words.signedOut, false);
    else if (answer.status === 403) this.#fail(words.forbidden, false);
    else if (answer.status === 404) this.#fail(words.gone, false);
    else if (answer.status >= 500) this.#fail(words.trouble, true);
    else this.#fail(messageOf(said) ?? words.trouble, false);
  }

  async #put(body: unknown, keepalive: boolean): Promise<Response | null> {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    try {
      return await fetch(this.#address, { method: 'PUT', headers, body: JSON.stringify(body), keepalive });
    } catch {
      return null;
    }
  }

  #fail(why: string, again: boolean): void {
    this.state = { is: 'failed', why, again };
    if (!again) return;
    this.#in(this.#wait);
    this.#wait = Math.min(this.#wait * 2, LAST_RETRY_MS);
  }
}

function hasVersion(said: unknown): said is { version: number; savedAt: string } {
  return typeof said === 'object' && said !== null && 'version' in said && 'savedAt' in said;
}

function isTheirs(said: unknown): said is Theirs {
  return hasVersion(said) && 'content' in said;
}
