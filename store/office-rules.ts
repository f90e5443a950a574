import { officeLevels, type OfficeLevel } from '../config/office-levels.ts';
import { Refused } from '../config/errors.ts';
import { messages } from './messages.ts';

/** As in hub.yaml: the code of an office in the register of procuratorates. */
const CODE = /^[0-9A-Za-z-]{2,32}$/;
const NAME_MOST = 80;
/** Also direction marks: they would show a name in another order than it is stored. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Co}\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffd]/u;

/** Text as people mean it: composed, single spaces, none around it. */
export function tidy(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[ \t\u3000]+/g, ' ')
    .trim();
}

export function isPrintable(text: string): boolean {
  return !UNPRINTABLE.test(text);
}

/** What is wrong with the code of an office, in words; null: nothing. */
export function codeProblem(code: string): string | null {
  if (code === '') return messages.offices.noCode;
  return CODE.test(code) ? null : messages.offices.badCode;
}

/** What is wrong with the name of an office, in words; null: nothing. */
export function nameProblem(name: string): string | null {
  const length = [...name].length;
  if (length === 0) return messages.offices.noName;
  if (length < 2 || length > NAME_MOST) return messages.offices.nameLength;
  return isPrintable(name) ? null : messages.offices.badName;
}

/** @throws Refused `office-details` naming the first problem */
export function checkOffice(office: { code?: string; name: string }): void {
  const problem = (office.code === undefined ? null : codeProblem(office.code)) ?? nameProblem(office.name);
  if (problem !== null) throw new Refused('office-details', problem);
}

/** 1 is the highest level. */
export function rankOf(level: OfficeLevel): number {
  return officeLevels.indexOf(level) + 1;
}
