import { sourceMessages } from './messages/sources.ts';
import type { Line, Offer, RobotsLine, Step } from './recognising.ts';

type Said<S extends Line['say']> = Extract<Line, { say: S }>;

/** What the page shows while an address is looked at, and afterwards. */
export class Recogniser {
  busy = $state(false);
  step = $state<Step | null>(null);
  robots = $state.raw<RobotsLine | null>(null);
  found = $state.raw<Said<'found'> | null>(null);
  trial = $state.raw<Said<'trial'> | null>(null);
  failure = $state.raw<{ message: string; next: string | null } | null>(null);
  stopped = $state(false);
  #asked: AbortController | null = null;

  /**
   * Asks the hub; what was found before goes, unless only the items are tried anew.
   * @param fields `url`, and for a trial `kind` with the settings of the form
   */
  async ask(address: string, fields: FormData): Promise<void> {
    this.#asked?.abort();
    const asked = new AbortController();
    this.#asked = asked;
    const onlyTrial = fields.has('kind');
    if (!onlyTrial) [this.robots, this.found] = [null, null];
    [this.busy, this.step, this.trial, this.failure, this.stopped] = [true, null, null, null, false];
    try {
      const answer = await fetch(address, { method: 'POST', body: fields, signal: asked.signal });
      if (!answer.ok || !answer.body) {
        const { message } = (await answer.json()) as { message?: string };
        this.failure = { message: message ?? sourceMessages.new.broken, next: null };
        return;
      }
      let ended = false;
      for await (const line of linesOf(answer.body)) {
        if (this.#asked !== asked) return;
        ended = line.say === 'end';
        this.#take(line);
      }
      if (!ended) this.failure ??= { message: sourceMessages.new.broken, next: null };
    } catch {
      if (this.#asked !== asked) return;
      if (asked.signal.aborted) this.stopped = true;
      else this.failure = { message: sourceMessages.new.broken, next: null };
    } finally {
      if (this.#asked === asked) [this.busy, this.step] = [false, null];
    }
  }

  stop(): void {
    this.#asked?.abort();
  }

  #take(line: Line): void {
    switch (line.say) {
      case 'step':
        this.step = line.step;
        break;
      case 'robots':
        this.robots = line.robots;
        break;
      case 'found':
        this.found = line;
        break;
      case 'trial':
        this.trial = line;
        break;
      case 'failed':
        this.failure = { message: line.message, next: line.next };
        break;
      case 'end':
    }
  }
}

export type { Offer };

/** JSON lines of a stream, as they arrive. */
async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Line> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  let waiting = '';
  for (;;) {
    const { value, done } = await reader.read();
    const lines = `${waiting}${value ?? ''}`.split('\n');
    waiting = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield JSON.parse(line) as Line;
    if (done) return;
  }
}
