import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { childEnv, pathFolders, readEnv, setEnv, sourceSecretVariables } from '../../config/env.ts';
import { drawKey } from '../../config/keys.ts';
import { StartRefused } from '../../config/errors.ts';

function refusal(source: Record<string, string>): string {
  try {
    readEnv(source);
  } catch (error) {
    expect(error).toBeInstanceOf(StartRefused);
    return (error as StartRefused).message;
  }
  throw new Error('the environment was accepted');
}

test('nothing has to be set', () => {
  expect(readEnv({})).toEqual({ LOG_LEVEL: 'info' });
});

test('what is set is read, and what belongs to others is left out', () => {
  const env = readEnv({
    DATABASE_URL: 'postgres://hub@db.example/hub',
    MEILI_URL: 'http://search.example:7700',
    MEILI_KEY: 'k'.repeat(16),
    REDIS_URL: 'rediss://queue.example',
    PORT: '8080',
    LOG_LEVEL: 'debug',
    HOME: '/root',
  });
  expect(env).toMatchObject({ PORT: 8080, LOG_LEVEL: 'debug', REDIS_URL: 'rediss://queue.example' });
  expect(env).not.toHaveProperty('HOME');
});

test('an empty variable is one that is not set', () => {
  expect(readEnv({ PORT: '', DATABASE_URL: '', LOG_LEVEL: '', JIANSHENG_SECRET: '' })).toEqual({
    LOG_LEVEL: 'info',
  });
});

test('every wrong variable is named in one message, and no secret is repeated', () => {
  const message = refusal({
    DATABASE_URL: 'mysql://hub:hunter2@db',
    MEILI_KEY: 'short-key',
    REDIS_URL: 'localhost',
    JIANSHENG_SECRET: 'too short',
    PORT: '70000',
    LOG_LEVEL: 'loud',
  });
  for (const name of ['DATABASE_URL', 'MEILI_KEY', 'REDIS_URL', 'JIANSHENG_SECRET', 'PORT', 'LOG_LEVEL']) {
    expect(message).toContain(`· ${name}：`);
  }
  expect(message).toContain('环境变量 中有 6 处');
  for (const value of ['hunter2', 'short-key', 'too short']) expect(message).not.toContain(value);
});

test.each(['0', '65536', '80.5', 'http', '-1'])('the port %s is refused', (PORT) => {
  expect(refusal({ PORT })).toContain('PORT');
});

test('what was read cannot be changed', () => {
  const env = readEnv({});
  expect(() => Object.assign(env, { PORT: 1 })).toThrow(TypeError);
});

test('the folders of PATH come in order, empty ones left out', () => {
  const folders = pathFolders();
  expect(folders.length).toBeGreaterThan(0);
  expect(folders).not.toContain('');
});

test('secrets of sources are read by their names, and no child process gets them along', () => {
  setEnv('JIANSHENG_SECRET_OUR_WEIBO_ACCESS_TOKEN', 'a-token');
  const given = { JIANSHENG_SECRET_A_B: 'one', JIANSHENG_SECRET_C: '', JIANSHENG_SECRET: 'x', OTHER: 'y' };
  expect(sourceSecretVariables(given)).toEqual({ JIANSHENG_SECRET_A_B: 'one' });
  expect(sourceSecretVariables()).toMatchObject({ JIANSHENG_SECRET_OUR_WEIBO_ACCESS_TOKEN: 'a-token' });
  const env = childEnv({ JIANSHENG_SECRET_C: 'three' });
  expect(Object.keys(env).filter((name) => name.startsWith('JIANSHENG_SECRET_'))).toEqual([
    'JIANSHENG_SECRET_C',
  ]);
  expect((env['PATH'] ?? '').split(':')).toEqual(expect.arrayContaining(pathFolders()));
});

describe('keys', () => {
  const bytes = randomBytes(32);
  const key = bytes.toString('base64url');

  test.each(['hex', 'base64', 'base64url'] as const)('are taken as %s', (encoding) => {
    expect(readEnv({ JIANSHENG_KEY: bytes.toString(encoding) }).JIANSHENG_KEY).toBe(key);
  });

  test('that were in use before come as a list', () => {
    const older = drawKey();
    const env = readEnv({
      JIANSHENG_KEY: key,
      JIANSHENG_KEY_PREVIOUS: ` ${older},${bytes.toString('hex')} `,
    });
    expect(env.JIANSHENG_KEY_PREVIOUS).toEqual([older, key]);
  });

  test.each(['short', 'k'.repeat(64), '0'.repeat(64), key.slice(1), `${key}aa`, `${key},${key}`])(
    'that are none are refused without being repeated: %s',
    (wrong) => {
      const message = refusal({ JIANSHENG_KEY: wrong, JIANSHENG_KEY_PREVIOUS: `${key},,` });
      expect(message).toContain('· JIANSHENG_KEY：');
      expect(message).toContain('· JIANSHENG_KEY_PREVIOUS：');
      expect(message).toContain('keys new');
      expect(message).not.toContain(wrong);
    },
  );
});
