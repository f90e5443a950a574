import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DATA = join(import.meta.dirname, '../../../../shared/data');

export const NAB = join(DATA, 'nab');

/** @throws Error that says where the data belongs, when it is absent */
export function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Error(`The data is absent: put it at ${path} (see shared/data/README.md)`, { cause });
  }
}

export function dataAt(name: string): string {
  return join(DATA, name);
}
