import { expect, test } from 'vitest';
import { messages } from '../../hub/messages.ts';
import { environmentNames, exists, read, rooms } from './tree.ts';

const both = ['README.md', 'README.zh-CN.md'] as const;
const pages = [...both, 'CONTRIBUTING.md', 'docs/decisions.md', 'docs/errors.md'];

const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const commands = new Set([...messages.usage.matchAll(/^ {2}([a-z-]+)/gmu)].map((found) => String(found[1])));

/** What the pages show as code, in blocks and in lines. */
function codeOf(page: string): string {
  const text = read(page);
  const blocks = [...text.matchAll(/^```[a-z]*\n([\s\S]*?)^```/gmu)].map((found) => found[1]);
  const spans = [...text.replace(/^```[\s\S]*?^```/gmu, '').matchAll(/`([^`\n]+)`/gu)].map(
    (found) => found[1],
  );
  return [...blocks, ...spans].join('\n');
}

test('every npm script that a page names is in package.json', () => {
  for (const page of pages) {
    for (const [, name = ''] of codeOf(page).matchAll(/npm run (?:-s |--silent )?([a-z]+)/gu)) {
      expect(Object.keys(scripts), `${page}: npm run ${name}`).toContain(name);
    }
  }
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test']));
});

test('every script of package.json starts a file that is there', () => {
  for (const [name, line] of Object.entries(scripts)) {
    for (const [file] of line.matchAll(/[\w/-]+\.(?:ts|mjs)\b/gu)) {
      expect(exists(file), `npm run ${name}: ${file}`).toBe(true);
    }
  }
});

test('every command that a page names is in the usage of the command line', () => {
  for (const page of pages) {
    for (const [, name = ''] of codeOf(page).matchAll(/(?:jiansheng(?: --)?|hub\/cli\.ts) ([a-z-]+)\b/gu)) {
      expect([...commands], `${page}: jiansheng ${name}`).toContain(name);
    }
  }
});

test('the command line knows exactly the commands of its usage, and both READMEs have a row for each', () => {
  const known = [...read('hub/cli.ts').matchAll(/^ {2}'?([a-z-]+)'?: async \(/gmu)].map((found) =>
    String(found[1]),
  );
  expect(known.toSorted()).toEqual([...commands].sort());
  for (const page of both) {
    for (const name of known) expect(read(page), page).toMatch(new RegExp(`^\\| \`${name}[ \`]`, 'mu'));
  }
});

test('every benchmark that a page names is there', () => {
  for (const page of pages) {
    for (const [, name = ''] of codeOf(page).matchAll(/npm run bench -- ([a-z-]+)/gu)) {
      expect(exists(`bench/${name}.ts`), `${page}: bench ${name}`).toBe(true);
    }
  }
});

test('the Chinese README is the twin of the English one', () => {
  const [english, chinese] = both.map((page) => {
    const text = read(page);
    const prose = text.replace(/^```[\s\S]*?^```/gmu, '```');
    return {
      headings: [...prose.matchAll(/^(#+) /gmu)].map((found) => found[1]),
      blocks: [...text.matchAll(/^```([a-z]*)$/gmu)].map((found) => found[1]),
      rows: [...prose.matchAll(/^\| `([^`]+)`/gmu)].map((found) => found[1]?.split(' ')[0]),
      links: [...prose.matchAll(/\]\(((?!README|#)[^)]+)\)/gu)].map((found) => found[1]),
    };
  });
  expect(english?.headings.length).toBeGreaterThan(10);
  expect(chinese).toEqual(english);
});

test('both READMEs name every environment variable of config/env.ts and no other', () => {
  const names = environmentNames().sort();
  expect(names).toContain('DATABASE_URL');
  for (const page of both) {
    const rows = [...read(page).matchAll(/^\| `([A-Z][A-Z_]+)`/gmu)].map((found) => String(found[1]));
    expect(rows.sort(), page).toEqual(names);
  }
});

test('both READMEs have a row for every room', () => {
  for (const page of both) {
    for (const room of [...rooms, 'tests', 'bench']) {
      expect(read(page), page).toMatch(new RegExp(`^\\| \`${room}/\``, 'mu'));
    }
  }
});

test('links between the pages lead to files that are there', () => {
  for (const page of [...pages, 'CHANGELOG.md']) {
    const folder = page.includes('/') ? `${page.slice(0, page.lastIndexOf('/'))}/` : '';
    for (const [, target = ''] of read(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/gu)) {
      if (/^https?:/u.test(target)) continue;
      expect(exists(folder + target), `${page}: ${target}`).toBe(true);
    }
  }
});
