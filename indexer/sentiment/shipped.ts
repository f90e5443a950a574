import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LinearModel } from './model.ts';

const FILE = join('config', 'defaults', 'sentiment-model.bin');

let shipped: LinearModel | null = null;

/** The model that ships with the program, read (3 MB) when it is first asked for. */
export function shippedModel(): LinearModel {
  return (shipped ??= new LinearModel(readFileSync(find(import.meta.dirname))));
}

/** Upwards from here: the built web app has this code in a folder of its own, further down in the same tree. */
function find(folder: string): string {
  const path = join(folder, FILE);
  const above = dirname(folder);
  return existsSync(path) || above === folder ? path : find(above);
}
