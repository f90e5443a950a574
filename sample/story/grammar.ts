import { between, pick, type Random } from './random.ts';

/** Slot name → what may stand there; entries may hold slots themselves. */
export type Bank = Readonly<Record<string, readonly string[]>>;

/**
 * Fills `{slot}` from the banks, first bank first. Within one writer a slot keeps its word, so that an article stays in
 * one place; `{~slot}` draws anew, if possible what has not been said yet, and `{3-20}` is a number. An unknown slot throws: a typo must not reach a page.
 */
export function createWriter(random: Random, ...banks: readonly Bank[]): (template: string) => string {
  const kept = new Map<string, string>();
  const said = new Set<string>();
  const fill = (template: string): string => template.replace(/\{(~?)([^{}]+)\}/g, slot);

  function slot(_whole: string, fresh: string, name: string): string {
    const range = /^(\d+)-(\d+)$/.exec(name);
    if (range) return String(between(random, Number(range[1]), Number(range[2])));
    const known = kept.get(name);
    if (known !== undefined && fresh === '') return known;
    const bank = banks.find((candidate) => Object.hasOwn(candidate, name));
    if (!bank) throw new Error(`unknown slot {${name}}`);
    const word = fill(unsaid(bank[name] ?? []));
    if (fresh === '') kept.set(name, word);
    return word;
  }
  function unsaid(entries: readonly string[]): string {
    let entry = pick(random, entries);
    for (let tries = 0; said.has(entry) && tries < 6; tries++) entry = pick(random, entries);
    said.add(entry);
    return entry;
  }

  return fill;
}
