import { Secret, TOTP } from 'otpauth';

const STEP_MS = 30_000;
/** A code of the step before or after is taken: the time that typing takes, and clocks that are nearly right. */
const WINDOW = 1;
/** As far as this a code is recognised, to say that a clock is wrong; it is not taken. */
const RECOGNISED = 10;

/** A new secret of 160 bits, what RFC 4226 recommends. */
export function newTotpSecret(): Buffer {
  return Buffer.from(new Secret({ size: 20 }).bytes);
}

/** The secret as people type it into an app, in groups of four. */
export function totpText(secret: Buffer): string {
  return (secretOf(secret).base32.match(/.{1,4}/gu) ?? []).join(' ');
}

/** What the QR code says. @param issuer shown in the app above the code, so that two hubs can be told apart */
export function totpUri(secret: Buffer, issuer: string, email: string): string {
  return new TOTP({ issuer, label: email, secret: secretOf(secret) }).toString();
}

export type CodeRead =
  { kind: 'fits'; step: number } | { kind: 'clock'; minutes: number } | { kind: 'wrong' };

/**
 * Reads a code by RFC 6238 (SHA-1, 6 digits, 30 s: what authenticator apps take).
 * @returns the time step it is of; or by how many minutes the clock of the phone (or ours) must be wrong
 */
export function readTotp(secret: Buffer, typed: string, now: number): CodeRead {
  const token = plainCode(typed);
  if (!/^\d{6}$/u.test(token)) return { kind: 'wrong' };
  const delta = TOTP.validate({ token, secret: secretOf(secret), timestamp: now, window: RECOGNISED });
  if (delta === null) return { kind: 'wrong' };
  if (Math.abs(delta) > WINDOW) return { kind: 'clock', minutes: (delta * STEP_MS) / 60_000 };
  return { kind: 'fits', step: Math.floor(now / STEP_MS) + delta };
}

/** Without the blanks that apps show, in half-width digits: Chinese keyboards type full-width ones. */
function plainCode(typed: string): string {
  return typed.normalize('NFKC').replaceAll(/[\s-]/gu, '');
}

function secretOf(secret: Buffer): Secret {
  return new Secret({ buffer: Uint8Array.from(secret).buffer });
}
