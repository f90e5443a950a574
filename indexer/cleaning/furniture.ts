import { cleaning } from '../../config/cleaning.ts';
import { foldInPlace } from '../text/fold.ts';
import { replaceFolded } from './folded.ts';
import { INSIDE_FROM } from './signs.ts';

/** Lines that are longer say something beside what a site puts there. In UTF-16 units. */
const LONGEST_LINE = 320;

const lines = cleaning.lines.map(({ pattern }) => new RegExp(`^(?:${pattern})$`, 'u'));
const inside = cleaning.inside.map(({ pattern }) => new RegExp(pattern, 'gu'));

/**
 * Takes out what sites and apps put around a text: buttons, counts, editors' names, rights, the way around the site.
 * @param signs of this text (`signsIn`)
 */
export function withoutFurniture(text: string, signs: Uint8Array): string {
  let bare = text;
  inside.forEach((pattern, at) => {
    if (signs[INSIDE_FROM + at]) bare = replaceFolded(bare, pattern, ' ');
  });
  const tried = lines.filter((_, at) => signs[at]);
  if (tried.length === 0) return bare;
  return bare
    .split('\n')
    .filter((line) => {
      if (line.length > LONGEST_LINE) return true;
      const folded = foldInPlace(line.trim());
      return !tried.some((pattern) => pattern.test(folded));
    })
    .join('\n');
}

const LINK = /https?:\/\/[\w\-.~:/?#@!$&'*+,;=%]{1,2000}/giu;

/** Takes out short links, whose page nobody can tell, and links to people's own pages. */
export function withoutEmptyLinks(text: string): string {
  if (!text.includes('://')) return text;
  return text.replace(LINK, (link) => {
    const bare = link.replace(/^https?:\/\//iu, '').toLowerCase();
    return cleaning.links.some((start) => bare.startsWith(start) || bare === start.slice(0, -1)) ? ' ' : link;
  });
}
