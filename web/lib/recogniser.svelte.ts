import { AskedLines } from './asked-lines.ts';
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
  readonly #lines = new AskedLines<Line>();

  /**
   * Asks the hub; what was found before goes, unless only the items are tried anew.
   * @param fields `url`, and for a trial `kind` with the settings of the form
   */
  async ask(address: string, fields: FormData): Promise<void> {
    const onlyTrial = fields.has('kind');
    if (!onlyTrial) [this.robots, this.found] = [null, null];
    [this.busy, this.step, this.trial, this.failure, this.stopped] = [true, null, null, null, false];
    let complete = false;
    const ended = await this.#lines.ask(address, fields, (line) => {
      complete = line.say === 'end';
      this.#take(line);
    });
    if (ended.how === 'replaced') return;
    [this.busy, this.step] = [false, null];
    this.stopped = ended.how === 'stopped';
    if (this.stopped || (ended.how === 'all' && complete)) return;
    const { broken } = sourceMessages.new;
    const refused = ended.how === 'refused' ? { message: ended.message ?? broken, next: null } : null;
    // What it said itself before it broke off says more.
    this.failure = refused ?? this.failure ?? { message: broken, next: null };
  }

  stop(): void {
    this.#lines.stop();
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
