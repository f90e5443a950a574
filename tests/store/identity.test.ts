import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { identityOf } from '../../store/posts.ts';

test('an identity is sixteen bytes that only its id or address decides', () => {
  const one = identityOf('https://a.example/1');
  expect(one).toHaveLength(16);
  expect(identityOf('https://a.example/1')).toEqual(one);
  expect(identityOf('https://a.example/2')).not.toEqual(one);
  expect(identityOf('')).toHaveLength(16);
  expect(identityOf('\ud800')).toHaveLength(16);
});

test('migrations are numbered without a gap', () => {
  const folder = join(import.meta.dirname, '../../store/migrations');
  const names = readdirSync(folder).sort();
  names.forEach((name, at) =>
    expect(name).toMatch(new RegExp(`^${String(at + 1).padStart(4, '0')}_[a-z_]+\\.sql$`)),
  );
  for (const name of names) {
    // The runner wraps all of them in one transaction of its own.
    expect(readFileSync(join(folder, name), 'utf8')).not.toMatch(/^\s*(begin|commit|rollback)\s*;/im);
  }
});
