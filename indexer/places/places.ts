import { divisionAbove, divisionPath, levelOf, placeWords } from '../../config/divisions.ts';
import { Automaton } from '../text/automaton.ts';
import { fold } from '../text/fold.ts';
import {
  attach,
  common,
  MentionFinder,
  isLesser,
  refuse,
  share,
  standing,
  told,
  type Mention,
} from './mentions.ts';
import { placeNames } from './names.ts';

/** What is known of where a text comes from: GB/T 2260 codes, null where not known. */
export type Prior = { sourcePlace: string | null; officePlace: string | null };

export type FoundPlace = {
  /** The most specific division that the text is about; null where none or no single one is. */
  code: string | null;
  /** Whether the text names any division at all. */
  named: boolean;
};

export type Places = {
  /**
   * @param text as analysed: simplified, folded, lower case; title and text parted by a line break
   * @param words of the text; empty where it was not segmented
   */
  find(text: string, words: readonly string[], prior: Prior): FoundPlace;
  /** Where an institution or outlet is, told from its name; null where the name does not say. */
  ofName(name: string): string | null;
};

/** What a text is about stands at its beginning. In UTF-16 units. */
const READ = 2_000;

/** The first mention and those of the title count for a little more: they decide between equals. */
const FIRST = 0.3;
const TITLE = 0.5;

/** Below this share of all that is named no province is what the text is about: it speaks of the country. */
const LEAST_OF_COUNTRY = 0.4;

/** A division gives way to one within it that is named more than all its others, and about as often as itself. */
const LEAST_OF_SIBLINGS = 0.6;
const LEAST_OF_PARENT = 0.5;

const NOWHERE: FoundPlace = Object.freeze({ code: null, named: false });

let shipped: Places | null = null;

/** Compiled when first asked for, once. */
export function shippedPlaces(): Places {
  return (shipped ??= makePlaces());
}

export function makePlaces(): Places {
  const names = placeNames();
  const { phrases } = placeWords;
  const automaton = new Automaton([...names.map(({ text }) => text), ...phrases]);
  const finder = new MentionFinder(names, phrases, automaton);
  return {
    find(text, words, prior) {
      const read = text.length > READ ? text.slice(0, READ) : text;
      const mentions = finder.find(read);
      if (mentions.length === 0) return NOWHERE;
      attach(read, mentions);
      share(read, mentions);
      refuse(read, mentions);
      const settled = settle(read, mentions, words, prior);
      return settled.length === 0 ? NOWHERE : { code: about(settled, read.indexOf('\n')), named: true };
    },
    ofName(name) {
      const text = fold(name);
      const mentions = finder.find(text);
      attach(text, mentions);
      const told = mentions.filter((each) => !each.absorbed && !isLesser(text, each));
      const [first] = [...told.filter(({ name }) => name.full || !name.ordinary), ...told];
      return first ? common(highest(first.codes)) : null;
    },
  };
}

type Settled = { code: string; start: number; weight: number };

/** The division that each mention means, those left out that may mean several or none. */
function settle(
  text: string,
  mentions: readonly Mention[],
  words: readonly string[],
  prior: Prior,
): Settled[] {
  const standings = mentions.map((each) => (each.refused ? 'never' : standing(text, each, words)));
  const clear = mentions.flatMap(({ codes }, at) => {
    const first = standings[at] === 'alone' ? highest(codes) : [];
    return first.length === 1 ? first : [];
  });
  const surroundings = [...clear, prior.sourcePlace, prior.officePlace].map((code) =>
    code === null ? [] : divisionPath(code),
  );
  return mentions
    .flatMap((each, at) => {
      const how = standings[at];
      if (each.absorbed || how === 'never') return [];
      if (how === 'alone' && each.codes.length === 1) return [settled(each, each.codes)];
      const codes = told(each.codes, surroundings) ?? (how === 'alone' ? highest(each.codes) : []);
      return codes.length === 0 ? [] : [settled(each, codes)];
    })
    .filter((each) => each !== null);
}

function settled({ start, weight }: Mention, codes: readonly string[]): Settled | null {
  const code = common(codes);
  return code === null ? null : { code, start, weight };
}

/** A city bears a name before counties elsewhere. */
function highest(codes: readonly string[]): readonly string[] {
  const top = Math.min(...codes.map(levelOf));
  return codes.filter((code) => levelOf(code) === top);
}

/** The most specific division that most of what is named lies in. */
function about(settled: readonly Settled[], titleEnd: number): string | null {
  const own = new Map<string, number>();
  const within = new Map<string, number>();
  settled.forEach(({ code, start, weight }, at) => {
    const value = weight + (at === 0 ? FIRST : 0) + (start < titleEnd ? TITLE : 0);
    own.set(code, (own.get(code) ?? 0) + value);
    for (const each of divisionPath(code)) within.set(each, (within.get(each) ?? 0) + value);
  });
  const [province, share] = heaviest(within, null);
  let at = province;
  if (share < LEAST_OF_COUNTRY) return null;
  for (;;) {
    const [child, childShare] = heaviest(within, at);
    const value = child === null ? 0 : (within.get(child) ?? 0);
    if (
      child === null ||
      childShare < LEAST_OF_SIBLINGS ||
      value < LEAST_OF_PARENT * (own.get(at ?? '') ?? 0)
    )
      return at;
    at = child;
  }
}

/** Of the divisions right below one (null: of the provinces) the heaviest, the first of equals, and its share of them all. */
function heaviest(
  weights: ReadonlyMap<string, number>,
  above: string | null,
): [code: string | null, share: number] {
  let best: string | null = null;
  let most = 0;
  let sum = 0;
  for (const [code, weight] of weights) {
    if (divisionAbove(code) !== above) continue;
    sum += weight;
    if (weight > most) [best, most] = [code, weight];
  }
  return [best, sum === 0 ? 0 : most / sum];
}
