import { expect, test } from 'vitest';
import { read } from './tree.ts';

type Manifest = Record<
  'dependencies' | 'optionalDependencies' | 'devDependencies',
  Record<string, string>
> & {
  overrides: Record<string, string>;
};

const manifest = JSON.parse(read('package.json')) as Manifest;
const page = read('docs/decisions.md');

test('every dependency has a line that says why it is there, and no line is left over', () => {
  const names = [manifest.dependencies, manifest.optionalDependencies, manifest.devDependencies].flatMap(
    (each) => Object.keys(each),
  );
  const rows = [...page.matchAll(/^\| `([@a-z][^`]*)` +\|/gmu)].map((found) => String(found[1]));
  expect(rows.toSorted()).toEqual(names.toSorted());
});

test('every override is explained', () => {
  for (const name of Object.keys(manifest.overrides)) {
    expect(page.split('## ').find((entry) => /overrides/iu.test(entry))).toContain(`\`${name}\``);
  }
});

test('every entry is dated and says what, why and what else was considered', () => {
  const entries = page.split(/^## /mu).slice(1);
  expect(entries.length).toBeGreaterThan(10);
  for (const entry of entries) {
    const title = entry.slice(0, entry.indexOf('\n'));
    expect(title).toMatch(/^\d{4}-\d{2}-\d{2} /u);
    for (const part of ['**Decision.**', '**Why.**', '**Considered.**']) expect(entry, title).toContain(part);
  }
});
