import type { QueryFault } from '../../indexer/watches/query.ts';
import { AskedLines } from './asked-lines.ts';
import { watchMessages } from './messages/watches.ts';
import type { TrialLine } from './watch-line.ts';

const words = watchMessages.trial;

/** Typing is waited for to pause before the hub is asked. */
const PAUSE_MS = 350;

/** A query that is being written: what is wrong with it, and what it finds among stored posts. */
export class QueryTrial {
  /** Undefined: not known yet, or nothing was written. */
  fault = $state.raw<QueryFault | null | undefined>(undefined);
  /** What `fault` is about. */
  checked = $state('');
  busy = $state(false);
  progress = $state.raw<{ scanned: number; matched: number } | null>(null);
  found = $state.raw<Extract<TrialLine, { say: 'found' }> | null>(null);
  failure = $state('');
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #lines = new AskedLines<TrialLine>();

  /** Checks a query a moment after the last key; what was found for another one goes. */
  written(address: string, query: string): void {
    this.stop();
    clearTimeout(this.#timer);
    [this.fault, this.found, this.failure] = [undefined, null, ''];
    if (query.trim() === '') return;
    this.#timer = setTimeout(() => void this.#ask(address, query, null), PAUSE_MS);
  }

  /** Tries a query on the stored posts of an office and those below it. */
  async run(address: string, query: string, office: string): Promise<void> {
    clearTimeout(this.#timer);
    [this.busy, this.progress, this.found, this.failure] = [true, null, null, ''];
    await this.#ask(address, query, office);
    [this.busy, this.progress] = [false, null];
  }

  stop(): void {
    this.#lines.stop();
    this.busy = false;
  }

  async #ask(address: string, query: string, office: string | null): Promise<void> {
    const fields = new FormData();
    fields.set('query', query);
    if (office !== null) fields.set('office', office);
    const ended = await this.#lines.ask(address, fields, (line) => this.#take(line, query));
    if (ended.how === 'refused') this.failure = ended.message ?? words.broken;
    // A check that does not arrive is made again with the next key, or by saving.
    if (office === null || ended.how === 'replaced' || ended.how === 'stopped') return;
    const known = ended.how === 'refused' || (ended.how === 'all' && (this.found ?? this.fault));
    if (!known) this.failure = words.broken;
  }

  #take(line: TrialLine, query: string): void {
    if (line.say === 'checked') [this.fault, this.checked] = [line.fault, query];
    else if (line.say === 'progress') this.progress = line;
    else this.found = line;
  }
}
