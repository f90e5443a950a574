import { elements, FOREIGN, HAN, kinds } from '../people/lexicon.ts';

/** Where the last of the parts of minority names ends that begin at `at`; -1: none begins. */
export function elementsEnd(text: string, at: number): number {
  let end = elements.after(text, at);
  for (let next = end; next > 0; next = elements.after(text, next)) end = next;
  return end;
}

/** A character of a foreign name, or the hyphen in one: "让-皮埃尔". */
export function isForeignBefore(text: string, at: number): boolean {
  const kind = kinds[text.charCodeAt(at - 1)]!;
  return (
    (kind & FOREIGN) !== 0 || (text[at - 1] === '-' && (kinds[text.charCodeAt(at - 2)]! & FOREIGN) !== 0)
  );
}

/** Whether every unit from `from` up to `to` is a Chinese character. */
export function isHan(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if ((kinds[text.charCodeAt(at)]! & HAN) === 0) return false;
  return true;
}
