import { describe, expect, test } from 'vitest';
import { newRecoveryCodes, newSalt, recoveryHash } from '../../web/lib/server/identity/recovery.ts';
import { newTotpSecret, readTotp, totpText, totpUri } from '../../web/lib/server/identity/totp.ts';
import { totpCode } from '../support/totp.ts';

const NOW = Date.UTC(2026, 10, 22, 8, 0, 7);
const STEP = Math.floor(NOW / 30_000);

describe('a code of an authenticator app', () => {
  const secret = newTotpSecret();
  const at = (steps: number) => readTotp(secret, totpCode(totpText(secret), NOW + steps * 30_000), NOW);

  test('is that of RFC 6238', () => {
    const known = Buffer.from('12345678901234567890');
    expect(readTotp(known, '287082', 59_000)).toEqual({ kind: 'fits', step: 1 });
    expect(readTotp(known, '081804', 1_111_111_109_000)).toEqual({ kind: 'fits', step: 37_037_036 });
  });

  test('is taken one step early and one step late, and tells its step', () => {
    expect([-1, 0, 1].map(at)).toEqual([-1, 0, 1].map((delta) => ({ kind: 'fits', step: STEP + delta })));
  });

  test('of a clock that is minutes off is not taken, and says by how much', () => {
    expect(at(2)).toEqual({ kind: 'clock', minutes: 1 });
    expect(at(-10)).toEqual({ kind: 'clock', minutes: -5 });
    expect(at(12)).toEqual({ kind: 'wrong' });
  });

  test('may be typed with blanks and in full-width digits', () => {
    const code = totpCode(totpText(secret), NOW);
    const wide = [...code].map((digit) => String.fromCodePoint(digit.charCodeAt(0) + 0xfee0)).join('');
    expect(readTotp(secret, ` ${code.slice(0, 3)} ${code.slice(3)}`, NOW).kind).toBe('fits');
    expect(readTotp(secret, wide, NOW).kind).toBe('fits');
  });

  test.each([
    '',
    '12345',
    '1234567',
    'abcdef',
    '１２３',
    '123456; drop table people',
    '9'.repeat(10_000_000),
  ])('that is none is wrong (%#)', (typed) => {
    expect(readTotp(Buffer.from('12345678901234567890'), typed, 0).kind).toBe('wrong');
  });
});

test('a secret has 160 bits, is typed in groups of four, and its address names hub and person', () => {
  const secret = newTotpSecret();
  expect(secret).toHaveLength(20);
  expect(totpText(secret)).toMatch(/^(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}$/u);
  const uri = new URL(totpUri(secret, '云州检察', 'a@desk.example'));
  expect(uri.protocol).toBe('otpauth:');
  expect(decodeURIComponent(uri.pathname)).toContain('云州检察:a@desk.example');
  expect(uri.searchParams.get('secret')).toBe(totpText(secret).replaceAll(' ', ''));
  expect(uri.searchParams.get('issuer')).toBe('云州检察');
});

describe('recovery codes', () => {
  test('are ten different ones in groups of four', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^[a-hjkmnp-z2-9]{4}(?:-[a-hjkmnp-z2-9]{4}){2}$/u);
  });

  test('are the same however they are typed, and another with another salt', async () => {
    const salt = newSalt();
    const one = await recoveryHash('k7wd-2mfa-q9ps', salt);
    expect(await recoveryHash(' K7WD 2mfaQ9PS', salt)).toEqual(one);
    expect(await recoveryHash('k7wd-2mfa-q9ps', newSalt())).not.toEqual(one);
  });

  test('of another length are none', async () => {
    expect(await recoveryHash('k7wd-2mfa', newSalt())).toBeNull();
    expect(await recoveryHash('x'.repeat(1_000_000), newSalt())).toBeNull();
  });
});
