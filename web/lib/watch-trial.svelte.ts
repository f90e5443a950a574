import type { QueryFault } from '../../indexer/watches/query.ts';
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
  #asked: AbortController | null = null;

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
    this.#asked?.abort();
    this.#asked = null;
    this.busy = false;
  }

  async #ask(address: string, query: string, office: string | null): Promise<void> {
    this.#asked?.abort();
    const asked = new AbortController();
    this.#asked = asked;
    const fields = new FormData();
    fields.set('query', query);
    if (office !== null) fields.set('office', office);
    try {
      const answer = await fetch(address, { method: 'POST', body: fields, signal: asked.signal });
      if (!answer.ok || !answer.body) {
        const { message } = (await answer.json()) as { message?: string };
        this.failure = message ?? words.broken;
        return;
      }
      for await (const line of linesOf(answer.body)) {
        if (this.#asked !== asked) return;
        this.#take(line, query);
      }
      const ended = office === null || this.found || this.fault;
      if (!ended) this.failure = words.broken;
    } catch {
      // A check that does not arrive is made again with the next key, or by saving.
      if (this.#asked === asked && office !== null) this.failure = words.broken;
    }
  }

  #take(line: TrialLine, query: string): void {
    if (line.say === 'checked') [this.fault, this.checked] = [line.fault, query];
    else if (line.say === 'progress') this.progress = line;
    else this.found = line;
  }
}

/** JSON lines of a stream, as they arrive. */
async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<TrialLine> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  let waiting = '';
  for (;;) {
    const { value, done } = await reader.read();
    const lines = `${waiting}${value ?? ''}`.split('\n');
    waiting = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield JSON.parse(line) as TrialLine;
    if (done) return;
  }
}
