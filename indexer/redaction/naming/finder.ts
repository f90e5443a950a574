import { nameData } from '../../../config/names.ts';
import {
  BY_CHARACTER,
  BY_OFFICE,
  BY_WORD,
  type Evidence,
  OFFICIAL,
  PEOPLE,
  STRONG,
  WEAK,
} from '../evidence.ts';
import type { Name } from '../types.ts';
import { Candidates, FOREIGN_RUN, keptOf, SPACED, TWO_FAMILIES } from './candidates.ts';
import { Cut, STRETCH } from './cut.ts';
import { Features } from './features.ts';
import { Lattice } from './lattice.ts';
import type { NameTables } from './tables.ts';
import { isNoName } from './unlikely.ts';

/** Of whom texts speak as of the state or of history, whatever else they say. */
const publicNames: ReadonlySet<string> = new Set(nameData.publicNames);

/** Names of two characters are borne by many: they are those of the state where the text speaks of it. */
const OF_STATE =
  /总理|主席|总书记|国务院|中央|常委|部长|委员长|检察长|高检|高法|最高人民|首席大法官|出席|会见|致辞|红军|思想|战争/u;

/** A name beside an office: it takes its place, and is left out afterwards. */
const OFFICE = 50;
const NEVER = -1e3;
/** What costs so much more than words is not weighed where nothing speaks of a person or a case. */
const WORDY = -4;
/** So much more, and it is weighed only behind a word for somebody, whatever the text is about. */
const VERY_WORDY = -7;
/** What follows an official's name or not, in the costs of words. */
const ENDS = 2;
/** Names of two families are rare beside offices: so much less than words they cost there. */
const SURE = 8;

const cut = new Cut();
const candidates = new Candidates();
const features = new Features();
const lattice = new Lattice();

/**
 * Tells the names of private persons in a text: all candidates are weighed by what was learnt (`Features`), and those are
 * taken that together weigh most without overlapping. Who is named with a public office is nobody of them.
 */
export class Finder {
  readonly evidence: Evidence;
  readonly #text: string;
  readonly #tables: NameTables;
  readonly #found: (Name & { told: number })[] = [];
  /** Names of people who act publicly, as the text tells. */
  readonly #officials = new Set<string>();

  /** @param text plain (`plain`) */
  constructor(text: string, evidence: Evidence, tables: NameTables) {
    this.#text = text;
    this.#tables = tables;
    this.evidence = evidence;
  }

  isOfficial(name: string): boolean {
    return (
      this.#officials.has(name) || (publicNames.has(name) && (name.length > 2 || OF_STATE.test(this.#text)))
    );
  }

  find(): Name[] {
    const text = this.#text;
    for (let from = 0; from < text.length;) {
      const to = endOfStretch(text, from);
      this.#findIn(from, to);
      from = to;
    }
    return this.#found.filter(
      ({ start, end, told }) => told === STRONG || !this.isOfficial(text.slice(start, end)),
    );
  }

  #findIn(from: number, to: number): void {
    cut.read(this.#text, from, to, this.#tables);
    candidates.find(this.#text, from, cut, this.#tables);
    if (candidates.count === 0) return;
    features.read(this.#text, from, cut, candidates, this.evidence, this.#tables);
    const scores = new Float64Array(candidates.count);
    for (let at = 0; at < candidates.count; at += 1) scores[at] = this.#score(at, from);
    for (const which of lattice.best(candidates, scores, to - from)) {
      const [start, end] = [from + candidates.starts[which]!, from + candidates.ends[which]!];
      if (scores[which]! >= OFFICE / 2) this.#officials.add(this.#text.slice(start, end));
      else
        this.#found.push({
          ...{ start, end, kept: keptOf(candidates.shapes[which]!) },
          told: features.before(start - from),
        });
    }
  }

  /** Log-odds that this candidate is the name of a private person. */
  #score(which: number, from: number): number {
    const [start, end] = [candidates.starts[which]!, candidates.ends[which]!];
    const shape = candidates.shapes[which]!;
    const told = features.before(start);
    const after = features.after(end);
    if (shape < FOREIGN_RUN && this.evidence.isTitle(from + start + keptOf(shape))) return NEVER;
    // Where lists set two characters apart, a role or a list tells that it is one.
    if (shape === SPACED && (told < PEOPLE || told === OFFICIAL || after < BY_WORD)) return NEVER;
    if (isNoName(this.#text, from, cut, [start, end], shape, told)) return NEVER;
    const isNamed = shape !== TWO_FAMILIES || candidates.gains[which]! > SURE;
    if (isNamed && (told === OFFICIAL || after === BY_OFFICE) && told !== STRONG) {
      const odds = candidates.gains[which]! + (after >= BY_CHARACTER ? ENDS : -ENDS);
      return odds > 0 ? OFFICE + odds : NEVER;
    }
    // Ordinary words, in a text that is about no case or by far.
    const gain = candidates.gains[which]!;
    if (gain < WORDY && told < WEAK && (gain < VERY_WORDY || !this.evidence.inCase)) return NEVER;
    const { weights, scale, ease } = this.#tables;
    const { list } = features;
    features.of(which);
    let sum = 0;
    for (let at = 0; at < features.count; at += 1) sum += weights[list[at]!]!;
    return sum * scale + ease;
  }
}

/** Where a stretch ends that begins at `from`: behind a sign, if there is one in its second half. */
function endOfStretch(text: string, from: number): number {
  const most = from + STRETCH;
  if (most >= text.length) return text.length;
  for (let end = most; end > from + STRETCH / 2; end -= 1) if (text.charCodeAt(end - 1) < 0x3400) return end;
  return most;
}
