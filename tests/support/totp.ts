import { Secret, TOTP } from 'otpauth';

const STEP_MS = 30_000;
let last = 0;

/** The code that an authenticator app shows. @param secret as the page shows it, in base32 */
export function totpCode(secret: string, at = Date.now()): string {
  last = Math.max(last, Math.floor(at / STEP_MS));
  return TOTP.generate({ secret: Secret.fromBase32(secret.replaceAll(' ', '')), timestamp: at });
}

/** Waits until the app shows another code than the last one taken from `totpCode`: a code is good once. */
export async function untilStepIsNew(): Promise<void> {
  const wait = (last + 1) * STEP_MS - Date.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait + 20));
}
