import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * `npm run bench -- <name> [options]`: runs one benchmark. Its last line is one JSON object, `{"bench", "figures"}`, for
 * programs to read; what stands above it is for people.
 */
type Bench = { bench(args: string[]): Promise<Record<string, number>> };

const NOT_BENCHES = ['run.ts'];

async function main(argv: string[]): Promise<number> {
  const [name, ...args] = argv;
  const names = readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !NOT_BENCHES.includes(entry.name))
    .map((entry) => entry.name.slice(0, -'.ts'.length));
  if (name === undefined || !names.includes(name)) {
    console.error(`npm run bench -- <${names.join(' | ')}>`);
    return 2;
  }
  const { bench } = (await import(pathToFileURL(join(import.meta.dirname, `${name}.ts`)).href)) as Bench;
  const figures = await bench(args);
  console.log(JSON.stringify({ bench: name, figures }));
  return 0;
}

process.exit(await main(process.argv.slice(2)));
