import { Automaton } from '../text/automaton.ts';
import { isFrequent, isRareWord, isWord, surnameAt } from '../people/lexicon.ts';
import { BY_CHARACTER, BY_OFFICE, CLEAN, Evidence, OFFICIAL } from './evidence.ts';
import { Finder } from './naming/finder.ts';
import { shippedNames } from './naming/model.ts';
import type { NameTables } from './naming/tables.ts';
import type { Name, Replacement } from './types.ts';

const MASK = '某';
/** Rounds after which nothing new is looked for; a bound, not a rule. */
const MOST_ROUNDS = 3;
/** From so many names on, one walk over the text is cheaper than one for each. */
const MANY = 8;

/**
 * Where the names of private persons stand in plain text (`plain`): told by what was learnt of how names look and where they
 * stand; afterwards wherever they are named again. Who is named with a public office is left out, here and wherever else.
 */
export function namesIn(
  text: string,
  numbers: readonly Replacement[],
  tables: NameTables = shippedNames(),
): Name[] {
  let rest = text;
  let all: Name[] = [];
  // What is masked tells of what stands beside it: until nothing more is found.
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const finder = new Finder(rest, new Evidence(rest, numbers), tables);
    const found = finder.find();
    if (found.length === 0) break;
    const fresh = everywhere(rest, found, finder);
    all = [...all, ...fresh];
    rest = masked(rest, fresh);
  }
  return all.sort((a, b) => a.start - b.start);
}

/** The text with masks of the same length in place of names. */
function masked(text: string, names: readonly Name[]): string {
  let result = '';
  let done = 0;
  for (const { start, end, kept } of names) {
    result += text.slice(done, start + kept) + MASK.repeat(end - start - kept);
    done = end;
  }
  return result + text.slice(done);
}

/** The names that were found, and every other place where one of them stands. */
function everywhere(text: string, found: readonly Name[], finder: Finder): Name[] {
  const taken = new Map(found.map((name) => [name.start, name]));
  const covered = new Uint8Array(text.length + 1);
  for (const { start, end } of found) covered.fill(1, start, end);
  const names = new Map(found.map((name) => [text.slice(name.start, name.end), name]));
  for (const { start, end, kept } of mentions(text, names)) {
    if (covered[start] === 1 || covered[end - 1] === 1 || finder.isOfficial(text.slice(start, end))) continue;
    if (finder.evidence.before(start) === OFFICIAL || finder.evidence.after(end) === BY_OFFICE) continue;
    covered.fill(1, start, end);
    taken.set(start, { start, end, kept });
  }
  for (const { start, end, kept } of mentions(text, givenNames(names))) {
    if (covered[start] === 1 || covered[end - 1] === 1) continue;
    if (finder.evidence.before(start) < CLEAN || finder.evidence.after(end) < BY_CHARACTER) continue;
    covered.fill(1, start, end);
    taken.set(start, { start, end, kept });
  }
  return [...taken.values()].sort((a, b) => a.start - b.start);
}

/** Given names of two characters by which somebody may be called alone, where they are no words. */
function givenNames(names: ReadonlyMap<string, Name>): Map<string, Name> {
  const given = new Map<string, Name>();
  for (const [name, found] of names) {
    const surname = name.length === 3 ? 1 : name.length === 4 ? surnameAt(name, 0) : 0;
    if (surname === 0 || name.length - surname !== 2 || isFrequent(name, surname)) continue;
    if (isWord(name, surname, 2) || isRareWord(name, surname) || !HAN_ONLY.test(name)) continue;
    given.set(name.slice(surname), { ...found, kept: 1 });
  }
  return given;
}

const HAN_ONLY = /^\p{Script=Han}+$/u;

/** Every place of every name, the longer names first. */
function mentions(text: string, names: ReadonlyMap<string, Name>): Name[] {
  const all: Name[] = [];
  if (names.size < MANY) {
    for (const [name, { kept }] of names)
      for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length))
        all.push({ start: at, end: at + name.length, kept });
  } else {
    const list = [...names];
    new Automaton(list.map(([name]) => name)).scan(text, (which, end) => {
      const [name, { kept }] = list[which]!;
      all.push({ start: end - name.length, end, kept });
    });
  }
  return all.sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
}
