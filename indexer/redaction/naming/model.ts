import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NameTables } from './tables.ts';

const FILE = join('config', 'defaults', 'name-model.bin');

let shipped: NameTables | null = null;

/** The model of names that ships with the program, read (1 MB) when it is first asked for. */
export function shippedNames(): NameTables {
  return (shipped ??= new NameTables(new Uint8Array(readFileSync(find(import.meta.dirname)))));
}

/** Upwards from here: the built web app has this code in a folder of its own, further down in the same tree. */
function find(folder: string): string {
  const path = join(folder, FILE);
  const above = dirname(folder);
  return existsSync(path) || above === folder ? path : find(above);
}
