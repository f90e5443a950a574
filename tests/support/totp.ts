import { Secret, TOTP } from 'otpauth';

/** The code that an authenticator app shows. @param secret as the page shows it, in base32 */
export function totpCode(secret: string, at = Date.now()): string {
  return TOTP.generate({ secret: Secret.fromBase32(secret.replaceAll(' ', '')), timestamp: at });
}

/** A moment at which the code of one and the same step is good for at least some seconds more. */
export async function untilStepIsYoung(): Promise<void> {
  const left = 30_000 - (Date.now() % 30_000);
  if (left < 5_000) await new Promise((resolve) => setTimeout(resolve, left + 50));
}
