import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root, run } from './run.ts';

type LogRecord = {
  level: number;
  role: string;
  msg: string;
  err?: { code?: string; message?: string; stack?: string };
};

async function logged(level: string): Promise<{ out: string; records: LogRecord[] }> {
  const { out } = await run([join(root, 'tests/hub/log-something.ts')], { env: { LOG_LEVEL: level } });
  const records = out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LogRecord);
  return { out, records };
}

describe('the log', () => {
  test('holds no secret and no words of the public, at any depth of a record', async () => {
    const { out } = await logged('info');
    expect(out).toContain('visited');
    expect(out.match(/LEAK-\w+/g)).toBeNull();
  });

  test('keeps what is needed to find a fault', async () => {
    const { records } = await logged('info');
    expect(records[0]).toMatchObject({
      role: 'crawl',
      msg: 'visited',
      source: 'city-daily',
      fresh: 3,
      level: 30,
    });
    expect(records[2]?.err).toMatchObject({ code: '23505', message: 'duplicate key value' });
    expect(records[2]?.err?.stack).toContain('log-something.ts');
    expect(records[3]?.err).toBe('no error object');
  });

  test.each([
    ['debug', 5],
    ['info', 4],
    ['error', 2],
    ['silent', 0],
  ])('at level %s has %s records', async (level, count) => {
    expect((await logged(level)).records).toHaveLength(count);
  });
});
