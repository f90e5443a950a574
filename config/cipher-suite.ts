import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { Suite } from './cipher.ts';

const NONCE = 12;
const TAG = 16;

/**
 * AES-256-GCM and HMAC-SHA256. A drawn nonce of 96 bits is safe for 2^32 values under one key; the hub seals a few for each
 * person. Sealed: nonce ‖ tag ‖ bytes.
 */
export const aes256GcmHmacSha256: Suite = {
  name: 'v1',
  seal(key, plain, context) {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
    cipher.setAAD(Buffer.from(context, 'utf8'));
    const bytes = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), bytes]);
  },
  open(key, sealed, context) {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG });
    decipher.setAAD(Buffer.from(context, 'utf8'));
    decipher.setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]);
  },
  mac: (key, data) => createHmac('sha256', key).update(data).digest(),
};
