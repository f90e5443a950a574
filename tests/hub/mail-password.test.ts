import { describe, expect, test } from 'vitest';
import { readEnv } from '../../config/env.ts';
import { hubSchema } from '../../config/hub.ts';
import { checkMailPassword } from '../../hub/mail-password.ts';
import { testHub } from '../support/engines.ts';

const mail = { host: 'smtp.example.gov.cn', from: 'hub@example.gov.cn' };
const hubWith = (more: Record<string, unknown>) => testHub({ notices: { mail: { ...mail, ...more } } });

describe('a mail server', () => {
  test('that wants somebody to sign in needs the password from the environment', () => {
    expect(() => checkMailPassword(hubWith({ user: 'hub' }), readEnv({}))).toThrow('JIANSHENG_SMTP_PASSWORD');
    const env = readEnv({ JIANSHENG_SMTP_PASSWORD: 'a password' });
    expect(() => checkMailPassword(hubWith({ user: 'hub' }), env)).not.toThrow();
  });

  test('that wants nobody to, and none at all, need none', () => {
    expect(() => checkMailPassword(hubWith({}), readEnv({}))).not.toThrow();
    expect(() => checkMailPassword(testHub(), readEnv({}))).not.toThrow();
  });

  test.each([
    [{}, 'tls', 465],
    [{ security: 'starttls' }, 'starttls', 587],
    [{ security: 'none' }, 'none', 25],
    [{ security: 'none', port: 2525 }, 'none', 2525],
  ])('with %o is reached by %s at port %d', (more, security, port) => {
    expect(hubWith(more).notices.mail).toMatchObject({ security, port });
  });

  test('takes no password from hub.yaml', () => {
    const told = hubSchema.safeParse({
      office: { code: 'test-1', name: '云州市人民检察院', level: 'municipal' },
      notices: { mail: { ...mail, password: 'x' } },
    });
    expect(told.success).toBe(false);
  });
});
