import { caseWords } from '../../config/names.ts';
import { FOLLOWS, HAN, isFrequent, kinds, plain } from '../people/lexicon.ts';
import { Words } from '../people/words.ts';
import type { Replacement } from './types.ts';

/** What stands before a name, from nothing to what leaves no doubt. */
export const INSIDE = 0;
export const CLEAN = 1;
export const WEAK = 2;
export const PEOPLE = 3;
export const STRONG = 4;
export const OFFICIAL = 5;

/** What follows: nothing known, a character or a word that may follow a name, a case, an identity, an office. */
export const BY_CHARACTER = 1;
export const BY_WORD = 2;
export const BY_CASE = 3;
export const BY_IDENTITY = 4;
export const BY_OFFICE = 5;

const before = listed([
  [caseWords.weak, WEAK],
  [caseWords.author, PEOPLE],
  [caseWords.people, PEOPLE],
  [caseWords.officialBefore, OFFICIAL],
  [caseWords.strong, STRONG],
]);
const BY_WEAK = 6;
/** A place or an enterprise, not a person: "金沙江流域", "王老吉公司". */
export const BY_PLACE = -1;
/** The same told by one character, which may be the last of a name too: "宝山". */
export const BY_SPOT = -2;
const after = listed([
  [caseWords.placeAfter.filter((word) => word.length > 1), BY_PLACE],
  [caseWords.placeAfter.filter((word) => word.length === 1), BY_SPOT],
  [caseWords.follow, BY_WORD],
  [caseWords.inCase, BY_CASE],
  [caseWords.identity, BY_IDENTITY],
  [caseWords.weakAfter, BY_WEAK],
  [caseWords.officialAfter, BY_OFFICE],
  [caseWords.officialVerbs, BY_OFFICE],
]);
/** What a surname alone goes with: "王女士", "李院长" hold no given name. */
const titles = new Words([...caseWords.weakAfter, ...caseWords.officialAfter].map(plain));

/** Characters after which a name may begin although they are none of its. */
const OPENS = setOf(
  '的将对把被与和及在由让给向是日时称经据从令使请找约同但后前中了因除而据按跟者员犯替帮陪骂劝恨逼怪问',
);
/** Signs between what somebody is and the name. */
const LINKS = setOf(' :"“”「『\'(《[·•');
const COPULAS = setOf('是为系叫即');
const IN_CASE =
  /检察官|民警|当事人|业主|协议|证据|申请|宣告|物业|\d元|[万千]元|殴|坠|肇事|驾驶|离婚|财产|遗产|污染|采砂|逃|传销|口角|争执|挪用|举报|上访|信访|霸占|敲诈|勒索|贪|贿|猥亵|强奸|性侵|诬|谣|滥伐|捕捞|非法|公安|派出所|律师|罪|救助|扶养|执行|失信|侵占|转账|银行卡|流水|毒|查获|调解|抚养|赡养|诉讼|维权|投诉|借款|欠款|债|合同|赔偿|骗|赌|酒驾|醉|死|伤|杀|抢|偷|打人|遭|被抓|嫌疑|被告|原告|犯罪|被害|起诉|判处|判决|盗窃|诈骗|故意|受贿|逮捕|拘留|刑|案|纠纷|控告|申诉|上诉|检察|法院|警方|民警|报警/u;

const SUIT = new RegExp(caseWords.suit.map(plain).join('|'), 'u');

const SUIT_TWICE = new RegExp(caseWords.suitTwice.map(plain).join('|'), 'gu');

/** Looks around the places of a text where names may stand. The text is plain (`plain`). */
export class Evidence {
  readonly #text: string;
  readonly #numbers: readonly Replacement[];
  #inCase: boolean | null = null;
  #inSuit: boolean | null = null;

  constructor(text: string, numbers: readonly Replacement[]) {
    this.#text = text;
    this.#numbers = numbers;
  }

  /** Whether the text is about a case, or holds somebody's numbers. */
  get inCase(): boolean {
    this.#inCase ??= this.#numbers.length > 0 || IN_CASE.test(this.#text);
    return this.#inCase;
  }

  /** Whether the text is plainly about a case: words stand in it that other texts do not have. */
  get inSuit(): boolean {
    this.#inSuit ??= SUIT.test(this.#text) || (this.#text.match(SUIT_TWICE)?.length ?? 0) > 1;
    return this.#inSuit;
  }

  /** What stands before `at`. */
  before(at: number): number {
    const text = this.#text;
    let end = at;
    while (end > 0 && LINKS.has(text.charCodeAt(end - 1)) && at - end < 4) end -= 1;
    if (end === 0) return CLEAN;
    const told = this.#listedBefore(end);
    if (told !== INSIDE) return told;
    const unit = text.charCodeAt(end - 1);
    if (unit === CLOSING) return Math.max(CLEAN, this.#beforeBrackets(end));
    if (COPULAS.has(unit)) {
      const role = this.#listedBefore(end - 1);
      if (role >= PEOPLE && role !== OFFICIAL) return role;
    }
    if (end < at || (kinds[unit]! & HAN) === 0 || OPENS.has(unit) || COPULAS.has(unit)) return CLEAN;
    // A word ends here, and none goes on over the place.
    return isFrequent(text, end - 2) && !isFrequent(text, end - 1) ? CLEAN : INSIDE;
  }

  /** What follows from `at` on. */
  after(at: number): number {
    const text = this.#text;
    if (at >= text.length) return BY_WORD;
    const end = after.words.after(text, at);
    const told = end < 0 ? 0 : after.ranks.get(text.slice(at, end))!;
    if (told === BY_WEAK) return this.inCase ? BY_CASE : BY_WORD;
    if (told >= BY_CASE || told < 0) return told;
    if (this.#isAge(at) || this.#isNumber(at)) return BY_IDENTITY;
    if (told === BY_WORD) return BY_WORD;
    const kind = kinds[text.charCodeAt(at)]!;
    if ((kind & HAN) === 0) return BY_WORD;
    return (kind & FOLLOWS) !== 0 || isFrequent(text, at) ? BY_CHARACTER : 0;
  }

  /** Whether a form of address or an office stands at `at`. */
  isTitle(at: number): boolean {
    return titles.after(this.#text, at) >= 0;
  }

  #listedBefore(end: number): number {
    const from = before.words.before(this.#text, end);
    return from < 0 ? INSIDE : before.ranks.get(this.#text.slice(from, end))!;
  }

  /** "上诉人(原审被告人)张…", "被告人(女)张…": the role in the brackets or before them. */
  #beforeBrackets(end: number): number {
    const from = Math.max(0, end - LONGEST_BRACKET);
    const open = from + this.#text.slice(from, end).lastIndexOf('(');
    if (open < from) return INSIDE;
    const inside = this.#listedBefore(end - 1);
    const outside = this.#listedBefore(open);
    if (outside === STRONG || inside === STRONG) return STRONG;
    return outside;
  }

  /** ",43岁", "(35岁", "今年12岁". */
  #isAge(at: number): boolean {
    const text = this.#text;
    let from = at;
    if (OPENING_AGE.has(text.charCodeAt(from))) from += 1;
    let end = from;
    while (end < from + 3 && isDigit(text.charCodeAt(end))) end += 1;
    return end > from && (text[end] === '岁' || (text[end] === '周' && text[end + 1] === '岁'));
  }

  /** A number of somebody right behind the name, or behind a word for it. */
  #isNumber(at: number): boolean {
    const numbers = this.#numbers;
    let [low, high] = [0, numbers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[middle]!.start < at) low = middle + 1;
      else high = middle;
    }
    return low < numbers.length && numbers[low]!.start <= at + 2;
  }
}

const LONGEST_BRACKET = 24;
const CLOSING = ')'.charCodeAt(0);
const OPENING_AGE = setOf(',( 、今现');

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

function setOf(characters: string): ReadonlySet<number> {
  return new Set([...plain(characters)].map((character) => character.charCodeAt(0)));
}

/** One list of all, and what each word tells; a word of two lists tells what the later one says. */
function listed(lists: [words: readonly string[], rank: number][]) {
  const ranks = new Map<string, number>();
  for (const [words, rank] of lists) for (const word of words) ranks.set(plain(word), rank);
  return { words: new Words(ranks.keys()), ranks };
}
