import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aes256GcmHmacSha256 } from '../../config/cipher-suite.ts';
import { openCipher, OldKeyNeeded, SealBroken, type Suite } from '../../config/cipher.ts';
import { drawKey, keyId } from '../../config/keys.ts';

const key = drawKey();
const cipher = openCipher([key]);

/** Other algorithms behind the same seam, as SM4 and SM3 would be. */
const other: Suite = {
  name: 'test',
  seal(under, plain, context) {
    const nonce = randomBytes(12);
    const chacha = createCipheriv('chacha20-poly1305', under, nonce, { authTagLength: 16 });
    chacha.setAAD(Buffer.from(context), { plaintextLength: plain.length });
    const bytes = Buffer.concat([chacha.update(plain), chacha.final()]);
    return Buffer.concat([nonce, chacha.getAuthTag(), bytes]);
  },
  open(under, sealed, context) {
    const chacha = createDecipheriv('chacha20-poly1305', under, sealed.subarray(0, 12), {
      authTagLength: 16,
    });
    chacha.setAAD(Buffer.from(context), { plaintextLength: sealed.length - 28 });
    chacha.setAuthTag(sealed.subarray(12, 28));
    return Buffer.concat([chacha.update(sealed.subarray(28)), chacha.final()]);
  },
  mac: (under, data) => createHmac('sha512', under).update(data).digest(),
};

describe('what is sealed', () => {
  test('opens to the same bytes, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (bytes, context) => {
        const sealed = cipher.seal(Buffer.from(bytes), context);
        expect(cipher.open(sealed, context)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test('tells suite and key, nothing of the plain text, and never looks the same twice', () => {
    const sealed = cipher.seal('机密', 'totp:1');
    expect(sealed).toMatch(new RegExp(`^v1\\.${keyId(key)}\\.[\\w-]+$`));
    expect(cipher.current).toBe(`v1.${keyId(key)}`);
    expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').includes('机密')).toBe(false);
    expect(cipher.seal('机密', 'totp:1')).not.toBe(sealed);
  });

  test('opens nowhere else than in its own place', () => {
    const sealed = cipher.seal('secret', 'totp:1');
    for (const place of ['totp:2', 'totp', 'oidc:1', ''])
      expect(() => cipher.open(sealed, place)).toThrow(SealBroken);
  });

  test('shows every changed bit, and every cut', () => {
    const sealed = cipher.seal('secret', 'totp:1');
    const [suite, id, body = ''] = sealed.split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => cipher.open(`${suite}.${id}.${changed.toString('base64url')}`, 'totp:1')).toThrow(
        SealBroken,
      );
    }
    for (let length = 0; length < bytes.length; length++) {
      const cut = bytes.subarray(0, length).toString('base64url');
      expect(() => cipher.open(`${suite}.${id}.${cut}`, 'totp:1')).toThrow(SealBroken);
    }
  });

  test.each(['', 'secret', 'v1', 'v1.', `v1.${keyId(key)}`, `v1.${keyId(key)}.`, 'a.b.c.d'])(
    'is told from what is not: %j',
    (text) => {
      expect(() => cipher.open(text, 'totp:1')).toThrow(SealBroken);
    },
  );
});

describe('keys', () => {
  const older = drawKey();

  test('a new one leaves what the older one sealed readable, and tells that it is stale', () => {
    const sealed = openCipher([older]).seal('secret', 'totp:1');
    const rotated = openCipher([key, older]);
    expect(rotated.open(sealed, 'totp:1').toString()).toBe('secret');
    expect(rotated.isStale(sealed)).toBe(true);
    expect(rotated.isStale(rotated.seal('secret', 'totp:1'))).toBe(false);
  });

  test('one that is missing is named, so that it can be given', () => {
    const sealed = openCipher([older]).seal('secret', 'totp:1');
    expect(() => cipher.open(sealed, 'totp:1')).toThrow(OldKeyNeeded);
    expect(() => cipher.open(sealed, 'totp:1')).toThrow(
      expect.objectContaining({ code: 'old-key-needed', message: expect.stringContaining(keyId(older)) }),
    );
  });

  test('none is no cipher', () => {
    expect(() => openCipher([])).toThrow();
  });
});

describe('a keyed hash', () => {
  test('is the same for the same, and another for other data, purpose or key', () => {
    const mac = cipher.mac('entry', 'audit');
    expect(mac).toHaveLength(32);
    expect(cipher.mac(Buffer.from('entry'), 'audit')).toEqual(mac);
    for (const different of [
      cipher.mac('entrY', 'audit'),
      cipher.mac('entry', 'audit-head'),
      openCipher([drawKey()]).mac('entry', 'audit'),
    ]) {
      expect(different).not.toEqual(mac);
    }
  });

  test('of an older key can be checked as long as that key is given', () => {
    const older = drawKey();
    const then = openCipher([older]);
    const mac = then.mac('entry', 'audit');
    expect(openCipher([key, older]).mac('entry', 'audit', then.current)).toEqual(mac);
    expect(() => cipher.mac('entry', 'audit', then.current)).toThrow(OldKeyNeeded);
  });
});

test('other algorithms take over by being put first; what the first ones sealed still opens', () => {
  const sealed = cipher.seal('secret', 'totp:1');
  const mac = cipher.mac('entry', 'audit');
  const changed = openCipher([key], [other, aes256GcmHmacSha256]);
  expect(changed.open(sealed, 'totp:1').toString()).toBe('secret');
  expect(changed.mac('entry', 'audit', cipher.current)).toEqual(mac);
  expect(changed.isStale(sealed)).toBe(true);
  const anew = changed.seal('secret', 'totp:1');
  expect(anew).toMatch(/^test\./);
  expect(changed.open(anew, 'totp:1').toString()).toBe('secret');
  expect(() => cipher.open(anew, 'totp:1')).toThrow(OldKeyNeeded);
});
