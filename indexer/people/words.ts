/** Words that are looked for at one place of a text: a list by first unit, and by last unit, the longest first. */
export class Words {
  readonly #first = new Map<number, string[]>();
  readonly #last = new Map<number, string[]>();

  constructor(words: Iterable<string>) {
    for (const word of new Set(words)) {
      push(this.#first, word.charCodeAt(0), word);
      push(this.#last, word.charCodeAt(word.length - 1), word);
    }
    for (const list of [...this.#first.values(), ...this.#last.values()])
      list.sort((a, b) => b.length - a.length);
  }

  /** Where the longest word that begins at `at` ends; -1: none does. */
  after(text: string, at: number): number {
    const list = this.#first.get(text.charCodeAt(at));
    if (list) for (const word of list) if (text.startsWith(word, at)) return at + word.length;
    return -1;
  }

  /** Where the longest word that ends before `end` begins; -1: none does. */
  before(text: string, end: number): number {
    const list = this.#last.get(text.charCodeAt(end - 1));
    if (list) for (const word of list) if (text.startsWith(word, end - word.length)) return end - word.length;
    return -1;
  }
}

function push(lists: Map<number, string[]>, unit: number, word: string): void {
  const list = lists.get(unit);
  if (list) list.push(word);
  else lists.set(unit, [word]);
}
