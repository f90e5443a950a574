import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readEnv } from '../../config/env.ts';
import { checkHub } from '../../config/hub.ts';
import { drawKey, parseKey } from '../../config/keys.ts';
import {
  claimFolder,
  folderSecrets,
  hubKeys,
  readRunning,
  releaseFolder,
  writeRunning,
} from '../../hub/data-folder.ts';
import { commonOptions } from '../../hub/options.ts';
import { jobIds, queueOf } from '../../hub/queues.ts';
import { dataFolder, publicAddress, withPort } from '../../hub/start.ts';
import { office } from '../config/settings.ts';
import { root } from './run.ts';

const hub = (changes: object = {}) => checkHub({ office, ...changes }, 'hub.yaml', false);

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jiansheng-data-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('the id of a job is its rule of de-duplication', () => {
  test('one visit of one source in one slot', () => {
    expect(jobIds.crawl(3, 17)).toBe('crawl:3:17');
    expect(jobIds.crawl(3, 17)).not.toBe(jobIds.crawl(31, 7));
  });
  test('one clearing a day', () => {
    expect(jobIds.retain('2026-11-22')).toBe('retain:day:2026-11-22');
  });
  test('every queue has one', () => {
    expect(Object.keys(jobIds).sort()).toEqual(Object.keys(queueOf).sort());
  });
});

describe('the address that people type', () => {
  test.each([
    ['the stated one', { address: 'https://a.example' }, 'https://a.example'],
    ['without slashes at its end', { address: 'https://a.example/hub//' }, 'https://a.example/hub'],
    ['that of the listener', { host: '10.1.2.3', port: 80 }, 'http://10.1.2.3:80'],
    ['this machine by its name, which passkeys need', {}, 'http://localhost:4700'],
    ['this machine when all are listened on', { host: '0.0.0.0' }, 'http://localhost:4700'],
    ['also in IPv6', { host: '::' }, 'http://localhost:4700'],
    ['and on its own IPv6 address', { host: '::1' }, 'http://localhost:4700'],
    ['an IPv6 one in brackets', { host: 'fd00::7' }, 'http://[fd00::7]:4700'],
  ])('is %s', (_, web, address) => {
    expect(publicAddress(hub({ web }))).toBe(address);
  });
});

test('the environment’s port and data folder win over hub.yaml', () => {
  const env = readEnv({ PORT: '5000', JIANSHENG_DATA: '/srv/data' });
  expect(withPort(hub(), env).web.port).toBe(5000);
  expect(withPort(hub({ web: { port: 6000 } }), readEnv({})).web.port).toBe(6000);
  expect(dataFolder(hub({ data: '/srv/other' }), env)).toBe('/srv/data');
  expect(dataFolder(hub({ data: 'data/x' }), readEnv({}))).toBe(join(root, 'data/x'));
  expect(dataFolder(null, readEnv({}))).toBe(join(root, 'data/sample'));
});

describe('options of commands', () => {
  test('come with their values and leave the rest', () => {
    expect(commonOptions(['-c', 'hub.yaml', '--role', 'crawl', 'x'])).toEqual({
      config: 'hub.yaml',
      role: 'crawl',
      rest: ['x'],
    });
  });
  test('that do not exist are refused', () => {
    expect(() => commonOptions(['--nonsense'])).toThrow(expect.objectContaining({ code: 'wrong-option' }));
  });
});

describe('the data folder', () => {
  test('keeps its secrets: drawn once, long, all different, for its owner only', () => {
    const folder = newFolder();
    const secrets = folderSecrets(folder);
    expect(folderSecrets(folder)).toEqual(secrets);
    const { key, ...engines } = secrets;
    expect(new Set(Object.values(secrets)).size).toBe(4);
    for (const secret of Object.values(engines)) expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(parseKey(key)).toBe(key);
    expect(statSync(join(folder, 'secrets.json')).mode & 0o077).toBe(0);
    expect(folderSecrets(newFolder())).not.toEqual(secrets);
  });

  test('of an older program gets the key that it lacks, and keeps the rest', () => {
    const folder = newFolder();
    const old = { database: 'd', search: 's', sessions: 't' };
    writeFileSync(join(folder, 'secrets.json'), JSON.stringify(old));
    const secrets = folderSecrets(folder);
    expect(secrets).toEqual({ ...old, key: expect.stringMatching(/^[\w-]{43}$/) });
    expect(folderSecrets(folder)).toEqual(secrets);
    expect(statSync(join(folder, 'secrets.json')).mode & 0o077).toBe(0);
  });

  test('is claimed and released', () => {
    const folder = newFolder();
    claimFolder(folder);
    expect(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))).toMatchObject({ pid: process.pid });
    expect(statSync(join(folder, 'run.json')).mode & 0o077).toBe(0);
    expect(statSync(join(folder, 'logs')).isDirectory()).toBe(true);
    releaseFolder(folder);
    expect(readRunning(folder)).toBeNull();
  });

  test('does not count as in use by a hub that was killed, by another program or by nonsense', () => {
    const folder = newFolder();
    writeRunning(folder, { pid: 2 ** 22 + 1, address: '', runtime: '' });
    expect(readRunning(folder)).toBeNull();
    // The process that started this one lives, but is no hub.
    writeRunning(folder, { pid: process.ppid, address: '', runtime: '' });
    expect(readRunning(folder)).toBeNull();
    writeFileSync(join(folder, 'run.json'), '{');
    expect(readRunning(folder)).toBeNull();
    expect(() => claimFolder(folder)).not.toThrow();
  });
});

describe('keys', () => {
  const key = drawKey();
  const older = drawKey();

  test('of a real hub come from the environment, the newest first, each once', () => {
    const env = readEnv({ JIANSHENG_KEY: key, JIANSHENG_KEY_PREVIOUS: `${older}, ${key}` });
    expect(hubKeys(env, null)).toEqual([key, older]);
  });

  test('that are missing stop a real hub with a new one to take', () => {
    for (const variables of [{}, { JIANSHENG_KEY_PREVIOUS: older }]) {
      const refused = expect.objectContaining({
        code: 'key-missing',
        message: expect.stringMatching(/JIANSHENG_KEY=[\w-]{43}$/),
      });
      expect(() => hubKeys(readEnv(variables), null)).toThrow(refused);
    }
  });

  test('of the sample are drawn into its folder; one from the environment comes before it', () => {
    expect(hubKeys(readEnv({}), { key: older })).toEqual([older]);
    expect(hubKeys(readEnv({ JIANSHENG_KEY: key }), { key: older })).toEqual([key, older]);
  });
});
