import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { roles } from '../../hub/roles/contract.ts';
import { environmentNames, exists, read, root } from './tree.ts';

type Service = {
  image?: string;
  build?: { context: string };
  command?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  depends_on?: Record<string, unknown>;
  healthcheck?: { disable?: boolean };
  ports?: string[];
};
type Compose = { services: Record<string, Service>; volumes: Record<string, unknown> };

const dockerfile = read('Dockerfile').replace(/\\\n/gu, ' ');
const text = read('compose.yaml');
const compose = parse(text, { merge: true }) as Compose;
const hubServices = Object.entries(compose.services).filter(([, service]) => service.build !== undefined);

test('the image is made of files that are there', () => {
  for (const [, from = ''] of dockerfile.matchAll(/^COPY (?!.*--from=)(.+?) \S+$/gmu)) {
    for (const path of from.split(' ').filter((word) => !word.startsWith('--'))) {
      expect(exists(path), `COPY ${path}`).toBe(true);
    }
  }
  const entries = [...dockerfile.matchAll(/\bhub\/[a-z/-]+\.(?:ts|mjs)/gu)].map(([file]) => file);
  expect(entries).toContain('hub/cli.ts');
  for (const file of entries) expect(exists(file), file).toBe(true);
});

test('the image runs on the Node of package.json, without root, and is asked on the port of the settings', () => {
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: { node: string } };
  const major = dependencies.node.split('.')[0];
  const bases = [...dockerfile.matchAll(/^FROM (node:\S+)/gmu)].map((found) => found[1]);
  expect(new Set(bases)).toEqual(new Set([`node:${major}-bookworm-slim`]));
  expect(dockerfile.match(/^USER (\S+)/mu)?.[1]).toBe('node');
  expect(dockerfile).toMatch(/^EXPOSE 4700$/mu);
  expect(dockerfile).toMatch(/^HEALTHCHECK [\s\S]*\/ready/mu);
});

test('what goes into the image keeps data, settings and secrets out', () => {
  const ignored = read('.dockerignore').split('\n');
  for (const path of ['.git', 'node_modules', 'data', 'build', 'hub.yaml', '.env'])
    expect(ignored).toContain(path);
});

test('compose runs every role once, from the same image, with the same settings', () => {
  const started = hubServices.map(([name, { command = [] }]) => {
    const words = command.join(' ');
    expect(words, name).toContain('--config /etc/jiansheng/hub.yaml');
    return words.match(/start --role (\S+)/u)?.[1];
  });
  expect(started.toSorted()).toEqual([...roles].sort());
  expect(new Set(hubServices.map(([, service]) => service.image)).size).toBe(1);
  for (const [name, service] of hubServices) {
    expect(service.volumes, name).toContain('./hub.yaml:/etc/jiansheng/hub.yaml:ro');
    expect(exists(service.build?.context ?? 'absent'), name).toBe(true);
  }
});

test('every role is given what hub/start-role.ts asks for, and nothing that the hub does not know', () => {
  const needed = [...read('hub/start-role.ts').matchAll(/needed\('([A-Z_]+)'\)/gu)].map((found) =>
    String(found[1]),
  );
  needed.push('JIANSHENG_KEY');
  expect(needed).toContain('DATABASE_URL');
  for (const [name, { environment = {} }] of hubServices) {
    expect(Object.keys(environment), name).toEqual(expect.arrayContaining(needed));
    for (const variable of Object.keys(environment)) expect(environmentNames(), name).toContain(variable);
  }
});

test('a secret comes from the environment, and its absence stops the start', () => {
  const used = [...text.matchAll(/\$\{([^}]+)\}/gu)].map((found) => String(found[1]));
  // Keys that were in use before, and the provider's secret, are needed only where there are any.
  const optional = ['JIANSHENG_KEY_PREVIOUS:-', 'JIANSHENG_OIDC_SECRET:-', 'JIANSHENG_SENTIMENT_SECRET:-'];
  const secrets = used.filter((each) => /PASSWORD|KEY|SECRET/u.test(each) && !optional.includes(each));
  expect(new Set(secrets.map((each) => each.split(':')[0])).size).toBe(4);
  for (const secret of secrets) expect(secret).toMatch(/^[A-Z_]+:\?/u);
});

test('the engines are the official images, and only the web role is asked over HTTP', () => {
  const images = Object.values(compose.services).map((service) => service.image ?? '');
  expect(images).toContain('postgres:18');
  expect(images).toContain('getmeili/meilisearch:v1.21');
  for (const [name, { healthcheck, ports }] of hubServices) {
    expect(healthcheck?.disable === true, name).toBe(name !== 'web');
    expect(ports !== undefined, name).toBe(name === 'web');
  }
});

test('services and volumes that compose names are declared in it', () => {
  for (const [name, service] of Object.entries(compose.services)) {
    for (const other of Object.keys(service.depends_on ?? {}))
      expect(compose.services, name).toHaveProperty(other);
    for (const volume of service.volumes ?? []) {
      if (!volume.startsWith('.')) expect(compose.volumes, name).toHaveProperty(volume.split(':')[0] ?? '');
    }
  }
});

test('the build server runs what a person runs', () => {
  expect(read('.ci/run')).toMatch(/^npm test$/mu);
  expect(statSync(join(root, '.ci/run')).mode & 0o111).toBe(0o111);
});
