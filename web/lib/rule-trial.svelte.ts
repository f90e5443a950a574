import { ruleMessages } from './messages/rules.ts';
import type { RuleAnswer } from './rule-answer.ts';

/** Typing is waited for to pause before the hub is asked. */
const PAUSE_MS = 350;
type Fields = readonly [name: string, value: string][];

/** A rule that is being written: what it means, what is wrong with it, and what it would have done. */
export class RuleTrial {
  sentence = $state<string | null>(null);
  wrong = $state.raw<Record<string, string>>({});
  preview = $state.raw<RuleAnswer['preview']>(null);
  busy = $state(false);
  failure = $state('');
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;
  /** The form as it came, so that an empty name is not found wrong before anybody has typed. */
  #first: string | null = null;

  /** Looks at a rule a moment after the last change; what an earlier one would have done goes. */
  written(address: string, fields: Fields): void {
    const now = JSON.stringify(fields);
    const untouched = this.#first === null || this.#first === now;
    this.#first ??= now;
    clearTimeout(this.#timer);
    if (!untouched) [this.preview, this.failure] = [null, ''];
    this.#timer = setTimeout(
      () =>
        void this.#ask(address, fields).then((answer) => {
          if (!answer || 'message' in answer) return;
          this.sentence = answer.sentence;
          this.wrong = untouched ? {} : answer.wrong;
        }),
      untouched ? 0 : PAUSE_MS,
    );
  }

  /** Tries the rule on the past of an office. */
  async run(address: string, fields: Fields, office: string): Promise<void> {
    clearTimeout(this.#timer);
    [this.busy, this.preview, this.failure] = [true, null, ''];
    const answer = await this.#ask(address, [...fields, ['run', '1'], ['office', office]]);
    this.busy = false;
    if (!answer || 'message' in answer) {
      this.failure = answer?.message ?? ruleMessages.preview.broken;
      return;
    }
    [this.sentence, this.wrong, this.preview] = [answer.sentence, answer.wrong, answer.preview];
    if (answer.preview === null) this.failure = ruleMessages.form.wrong(Object.keys(answer.wrong).length);
  }

  /** @returns null when nothing came, or another question has been asked meanwhile */
  async #ask(address: string, fields: Fields): Promise<RuleAnswer | { message: string } | null> {
    const turn = ++this.#asked;
    const body = new FormData();
    for (const [name, value] of fields) body.append(name, value);
    try {
      const response = await fetch(address, { method: 'POST', body });
      const answer = (await response.json()) as RuleAnswer | { message: string };
      return turn === this.#asked ? answer : null;
    } catch {
      return null;
    }
  }
}
