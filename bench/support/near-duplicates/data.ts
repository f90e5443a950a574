import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DATA = join(import.meta.dirname, '../../../../shared/data');

/** @throws Error that says where the data belongs, when it is absent */
export function jsonLines(name: string): Record<string, unknown>[] {
  try {
    const lines = readFileSync(join(DATA, name), 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  } catch (cause) {
    throw new Error(`The data is absent: put it at ${join(DATA, name)} (see shared/data/README.md)`, {
      cause,
    });
  }
}

/** The longest text of a row. */
export function textOf(row: Record<string, unknown>): string {
  const texts = Object.values(row).filter((value) => typeof value === 'string');
  return texts.reduce((longest, text) => (text.length > longest.length ? text : longest), '');
}
