import { analysed } from '../indexer/steps/simplify.ts';
import { names } from '../indexer/watches/names.ts';
import { parseQuery } from '../indexer/watches/parser.ts';
import { WatchSet, type CompiledWatch, type Subject } from '../indexer/watches/watch-set.ts';
import { jsonLines, textOf } from './support/near-duplicates/data.ts';

/** Watches of so many are asked about every post. */
const FEW = 50;
const MANY = 5_000;
/** Offices that have them: a province with its cities and counties. A post is about one of them, and one or two above. */
const OFFICES = 100;
const ROUNDS = 7;
/** A short post, in UTF-16 units. */
const SHORT = 60;

/**
 * What it costs to ask every post about all watches, in user CPU time of this process. Needs ../shared/data.
 *
 * - `microsecondsAt50`, `microsecondsAt5000`: one post of about 60 characters, all watches of one office.
 * - `ratio5000To50`: the one beside the other.
 * - `ratioToOneByOne`: 5,000 watches asked one after the other with the same matcher, beside all together.
 *
 * Queries are made of words that the posts themselves have (common and rare ones as they come), with all that the language
 * knows; their words are drawn from 4,000 different ones.
 */
export function bench(): Promise<Record<string, number>> {
  const texts = jsonLines('search/dev_docs.jsonl')
    .map(textOf)
    .concat(jsonLines('events/posts.jsonl').map(textOf));
  const posts = texts.map((text) => subject(text.slice(0, SHORT))).slice(0, 4_000);
  const random = lcg(4711);
  const words = vocabulary(texts, random);
  const made = Array.from({ length: MANY }, (_, id) => watch(id, words, random));
  const few = measure('50 watches', made.slice(0, FEW), posts, ROUNDS, null);
  const many = measure('5,000 watches', made, posts, ROUNDS, null);
  // As it is in a running hub: the watches of other offices are there, and do not count.
  const spread = made.map((each, at) => ({ ...each, officeId: at % OFFICES }));
  const own = measure('5,000 watches of 100 offices', spread, posts, ROUNDS, [0, 1, 2]);
  const single = oneByOne(made, posts.slice(0, 20));
  const rounded = (value: number) => Math.round(value * 100) / 100;
  return Promise.resolve({
    microsecondsAt50: rounded(few),
    microsecondsAt5000: rounded(many),
    microsecondsOfHundredOffices: rounded(own),
    ratio5000To50: rounded(many / few),
    ratioToOneByOne: rounded(single / many),
  });
}

function subject(text: string): Subject {
  const unknown = { sourceKind: null, place: null, line: null, voice: null };
  return { ...unknown, analysed: analysed(null, text), outlet: '', kind: 'post', sentiment: 'neutral' };
}

/** Words of two to four characters as they stand in the texts. */
function vocabulary(texts: readonly string[], random: () => number): string[] {
  const found = new Set<string>();
  while (found.size < 4_000) {
    const text = analysed(null, texts[Math.floor(random() * texts.length)] ?? '');
    const at = Math.floor(random() * text.length);
    const word = text.slice(at, at + 2 + Math.floor(random() * 3));
    if (/^\p{Script=Han}{2,4}$/u.test(word)) found.add(word);
  }
  return [...found];
}

function watch(id: number, words: readonly string[], random: () => number): CompiledWatch {
  const bare = () => words[Math.floor(random() * words.length)] ?? '';
  const word = () => `"${bare()}"`;
  const any = (count: number) => Array.from({ length: count }, word).join(' | ');
  const shapes = [
    () => any(5),
    () => `(${any(3)}) (${any(3)})`,
    () => `(${any(4)}) -(${any(2)})`,
    () => `"${bare()} ${bare()}"~15`,
    () => `${word()} NEAR/20 (${any(3)})`,
    () => `${bare().slice(0, 2)}*${bare().slice(0, 2)} | ${any(2)}`,
  ];
  const query = shapes[id % shapes.length]?.() ?? '';
  const parsed = parseQuery(query, names);
  if ('fault' in parsed) throw new Error(`${query}: ${parsed.fault.message}`);
  return { id, officeId: 0, query: parsed.query };
}

/** Microseconds for each post: the median of the rounds. */
function measure(
  name: string,
  watches: readonly CompiledWatch[],
  posts: readonly Subject[],
  rounds: number,
  offices: readonly number[] | null,
): number {
  const began = process.cpuUsage();
  const set = new WatchSet(watches);
  const built = process.cpuUsage(began).user / 1_000;
  let matches = 0;
  const times: number[] = [];
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    const start = process.cpuUsage();
    matches = 0;
    for (const post of posts) matches += set.match(post, offices).length;
    if (round > 0) times.push(process.cpuUsage(start).user / posts.length);
  }
  const median = times.toSorted((a, b) => a - b)[rounds >> 1] ?? NaN;
  const share = (matches / posts.length).toFixed(2);
  console.log(
    `${name}: ${median.toFixed(2)} µs a post, ${share} matches a post, compiled in ${built.toFixed(0)} ms`,
  );
  return median;
}

function oneByOne(watches: readonly CompiledWatch[], posts: readonly Subject[]): number {
  const sets = watches.map((each) => new WatchSet([each]));
  const start = process.cpuUsage();
  for (const post of posts) for (const set of sets) set.match(post, null);
  const each = process.cpuUsage(start).user / posts.length;
  console.log(`5,000 watches one by one: ${each.toFixed(0)} µs a post`);
  return each;
}

/** The same numbers with every run. */
function lcg(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}
