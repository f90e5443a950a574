import { plain } from '../people/lexicon.ts';
import type { Name, Replacement } from './types.ts';

const STEMS = '甲乙丙丁戊己庚辛壬癸';

/**
 * Names as the field masks them: the surname, and 某 for one character or 某某 for more; a foreign name or one of a minority keeps
 * its first character. Two persons whose masks would be the same are told apart by 甲, 乙 … in the order in which they
 * appear (法释〔2016〕19号, articles 8 and 9; what stands masked in the text already is another person).
 * @param text as it was written: the surname keeps its script
 */
export function maskNames(text: string, names: readonly Name[]): Replacement[] {
  const masks = new Map<string, string>();
  const holders = new Map<string, string[]>();
  for (const { start, end, kept } of names) {
    const name = plain(text.slice(start, end));
    const begin = text.slice(start, start + kept);
    const mask = begin + (text.slice(start + kept, end).replace(' ', '').length > 1 ? '某某' : '某');
    const list = holders.get(mask);
    if (!list) holders.set(mask, [name]);
    else if (!list.includes(name)) list.push(name);
    if (!masks.has(name)) masks.set(name, mask);
  }
  for (const [mask, list] of holders) {
    if (list.length === 1 && !stands(text, mask)) continue;
    const begin = mask.replace(/某+$/u, '某');
    let number = 0;
    for (const name of list) {
      while (text.includes(begin + stem(number))) number += 1;
      masks.set(name, begin + stem(number));
      number += 1;
    }
  }
  return names.map(({ start, end }) => ({
    ...{ start, end, type: 'name' as const },
    mask: masks.get(plain(text.slice(start, end))) ?? text.slice(start, start + 1) + '某',
  }));
}

/** 甲 to 癸, then numbers. */
const stem = (number: number): string => STEMS[number] ?? String(number + 1);

/** Whether the text holds this mask as it is, without more behind it. */
function stands(text: string, mask: string): boolean {
  for (let at = text.indexOf(mask); at >= 0; at = text.indexOf(mask, at + 1))
    if (!/[某甲乙丙丁戊己庚辛壬癸\d]/u.test(text[at + mask.length] ?? '')) return true;
  return false;
}
