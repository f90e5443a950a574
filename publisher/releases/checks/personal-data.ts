import { releaseWords } from '../../../config/release-words.ts';
import { joined, type Joined } from './joined.ts';
import { linksOf } from './links.ts';
import { messages } from './messages.ts';
import { peopleIn, type Role } from './people-roles.ts';
import { sentenceAt } from './read.ts';
import type { Check, Checked, CheckTools, Found, PersonalPlace, Severity } from './types.ts';

/** Never in a release, whoever it is of. */
const ALWAYS = new Set(['id-card', 'bank-card', 'passport', 'permit', 'mobile']);
/** Of a case they point at somebody. */
const IN_CASE = new Set(['address', 'plate', 'wechat', 'qq', 'birth-date']);
/** An office that wants to be reached says these itself. */
const OWN = new Set(['landline', 'email', 'address']);
const CONTACT = new RegExp(`(?:${releaseWords.contact.join('|')})[^。；;\\n]{0,30}$`, 'u');
const PERSON = new RegExp(Object.values(releaseWords.people).flat().join('|'), 'u');
const INSTITUTION = new RegExp(releaseWords.institutions.join('|'), 'u');

/**
 * Numbers, addresses and names of private persons, as the redactor of posts finds them; who acts in a public office and the
 * office's own lines stay. Victims, witnesses, minors and those who were not prosecuted are never named (最高检案件信息公开规定;
 * 未成年人保护法, article 103).
 */
export const personalData: Check = {
  key: 'personal-data',
  run: (checked, tools) => {
    const whole = joined(checked);
    if (whole.text === '') return [];
    const places = tools.personalData(whole.text);
    const ofMinor = tools.aboutMinor(whole.text);
    return [
      ...numbers(whole, places, checked, ofMinor),
      ...names(whole, places, checked, ofMinor),
      ...numbersInLinks(checked, tools),
    ];
  },
};

function numbers(
  whole: Joined,
  places: readonly PersonalPlace[],
  { ofCase }: Checked,
  ofMinor: boolean,
): Found[] {
  return places.flatMap(({ start, end, type }) => {
    if (type === 'name') return [];
    const contact = isContact(whole.text, start, end);
    if (contact && OWN.has(type)) return [];
    const quote = whole.text.slice(start, end);
    if (type === 'account' && INSTITUTION.test(quote)) return [];
    const severity = ofMinor ? 'block' : severityOf(type, ofCase, contact);
    return [{ severity, ...whole.at(start, end), quote, text: messages.personal(type, contact) }];
  });
}

function severityOf(type: string, ofCase: boolean, contact: boolean): Severity {
  if (contact) return type === 'mobile' || !ALWAYS.has(type) ? 'warn' : 'block';
  return ALWAYS.has(type) || (ofCase && IN_CASE.has(type)) ? 'block' : 'warn';
}

/** "联系电话：…", in a sentence that speaks of nobody in a case. */
function isContact(text: string, start: number, end: number): boolean {
  const { from, to } = sentenceAt(text, start, end);
  return CONTACT.test(text.slice(from, start)) && !PERSON.test(text.slice(from, to));
}

function names(
  whole: Joined,
  places: readonly PersonalPlace[],
  { ofCase }: Checked,
  ofMinor: boolean,
): Found[] {
  const people = peopleIn(whole.text, places);
  // A report names many who may be named: they are asked about together.
  const together = ofCase || ofMinor ? [] : people.filter(({ role }) => role === 'none');
  const found = people
    .filter((person) => !together.includes(person))
    .map(({ place, name, role, doubtful }) => ({
      severity: !doubtful && blocks(role, ofMinor) ? ('block' as const) : ('warn' as const),
      ...whole.at(place.start, place.end),
      quote: name,
      text: messages.named(
        doubtful ? 'near' : role,
        place.mask ?? `${name.slice(0, 1)}某`,
        ofCase || ofMinor,
      ),
    }));
  const [first] = together;
  if (first)
    found.push({
      severity: 'warn',
      ...whole.at(first.place.start, first.place.end),
      quote: together.map(({ name }) => name).join('、'),
      text: messages.named('none', '', false),
    });
  return found;
}

const blocks = (role: Role, ofMinor: boolean) => role === 'protected' || role === 'minor' || ofMinor;

/** A number that only stands in the address of a link is called all the same. */
function numbersInLinks({ content }: Checked, { personalData: find }: CheckTools): Found[] {
  return linksOf(content.document).flatMap(({ href, start, end }) => {
    const number = /^tel:(.+)$/iu.exec(href)?.[1];
    const type = number && find(`电话${number}`)[0]?.type;
    if (!number || type !== 'mobile') return [];
    const text = messages.personal(type, true);
    return [{ severity: 'warn' as const, part: 'document' as const, start, end, quote: number, text }];
  });
}
