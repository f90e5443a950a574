import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { hubSchema, readHubFile } from '../../config/hub.ts';
import { read, root } from './tree.ts';

type Json = {
  properties?: Record<string, Json>;
  items?: Json;
  oneOf?: Json[];
  anyOf?: Json[];
  const?: unknown;
};

const EXAMPLE = 'config/hub.example.yaml';

/** Every key that may stand in hub.yaml. What a kind of source is set by, `settings`, is told apart by the kind. */
function keysOf(schema: Json, path = ''): string[] {
  const variants = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  const kind = schema.properties?.['kind']?.const;
  return [
    ...variants.flatMap((variant) => keysOf(variant, path)),
    ...(schema.items ? keysOf(schema.items, `${path}[]`) : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
      const here = `${path}.${name === 'settings' ? `${String(kind)}-settings` : name}`;
      return [here, ...keysOf(inner, here)];
    }),
  ];
}

/** The keys that a document has, in the same form. */
function keysIn(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => keysIn(each, `${path}[]`));
  if (value === null || typeof value !== 'object') return [];
  const kind = 'kind' in value ? value.kind : undefined;
  return Object.entries(value).flatMap(([name, inner]) => {
    const here = `${path}.${name === 'settings' ? `${String(kind)}-settings` : name}`;
    return [here, ...keysIn(inner, here)];
  });
}

test('hub.example.yaml passes the check of a start', () => {
  const hub = readHubFile(join(root, EXAMPLE));
  expect(hub.sources.length).toBeGreaterThan(0);
});

test('hub.example.yaml shows every key that hub.yaml may have', () => {
  const known = keysOf(z.toJSONSchema(hubSchema, { io: 'input', unrepresentable: 'any' }) as Json);
  expect(known).toContain('.sources[].site-settings.article.comment.item');
  const shown = keysIn(parse(read(EXAMPLE)));
  expect([...new Set(known)].filter((key) => !shown.includes(key))).toEqual([]);
});

test('hub.example.yaml states the defaults that the check fills in', () => {
  const parts = ['web', 'crawler', 'publisher', 'retention', 'signIn'] as const;
  const stated = parse(read(EXAMPLE)) as Record<(typeof parts)[number], Record<string, unknown>>;
  const { office, crawler } = readHubFile(join(root, EXAMPLE));
  const filled = hubSchema.parse({ office, crawler: { contact: crawler.contact } });
  const ofOffice = ['address', 'siteName', 'siteIdCode', 'contact', 'oidc', 'hosts'];
  for (const part of parts) {
    const rest = Object.entries(stated[part]).filter(([key]) => !ofOffice.includes(key));
    expect(Object.fromEntries(rest), part).toEqual(
      Object.fromEntries(Object.entries(filled[part] ?? {}).filter(([key]) => !ofOffice.includes(key))),
    );
  }
});
