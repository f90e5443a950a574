import { expect, test } from 'vitest';
import { checkHub } from '../../config/hub.ts';
import { decodeRuntime, encodeRuntime, type Runtime } from '../../config/runtime.ts';
import { readEnv } from '../../config/env.ts';
import { apiSource, crawler, feedSource, office, siteSource } from './settings.ts';

const runtimeOf = (value: object, sample = false): Runtime => ({
  hub: checkHub(value, 'hub.yaml', sample),
  officeId: 7,
  dataFolder: '/srv/jiansheng',
  address: 'https://jiansheng.example.gov.cn',
  databaseUrl: 'postgres://hub_app@127.0.0.1:5432/hub',
  identityUrl: 'postgres://hub_identity@127.0.0.1:5432/hub',
  meiliUrl: 'http://127.0.0.1:7700',
  meiliKey: 'm'.repeat(32),
  searchKey: { uid: 'u', key: 'k' },
  redisUrl: null,
  secret: 's'.repeat(64),
  keys: ['k'.repeat(43), 'l'.repeat(43)],
});

const roundTrip = (runtime: Runtime) =>
  decodeRuntime(readEnv({ JIANSHENG_RESOLVED: encodeRuntime(runtime) })) as Runtime;

test.each([
  ['sources of every kind', { office, crawler, sources: [feedSource, siteSource, apiSource] }],
  ['a crawler that crawls nothing yet', { office, crawler }],
  ['no sources and no crawler', { office }],
  ['an address and a name', { office, web: { address: 'https://a.example', siteName: '云州检察' } }],
])('a role gets exactly what the supervisor had: %s', (_, settings) => {
  for (const sample of [false, true]) {
    const runtime = runtimeOf(settings, sample);
    expect(roundTrip(runtime)).toEqual(runtime);
  }
});

test('what a role was given cannot be changed, however deep', () => {
  const runtime = roundTrip(runtimeOf({ office, crawler, sources: [feedSource] }));
  expect(() => Object.assign(runtime, { officeId: 1 })).toThrow(TypeError);
  expect(() => Object.assign(runtime.hub.crawler, { paceSeconds: 0 })).toThrow(TypeError);
});

test('a process that the supervisor did not start has none', () => {
  expect(decodeRuntime(readEnv({}))).toBeNull();
});

test('what is not a runtime is refused', () => {
  expect(() => decodeRuntime(readEnv({ JIANSHENG_RESOLVED: '{}' }))).toThrow();
  expect(() => decodeRuntime(readEnv({ JIANSHENG_RESOLVED: 'no JSON' }))).toThrow();
});
