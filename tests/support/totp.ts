import { Secret, TOTP } from 'otpauth';
import { openStore } from '../../store/pool.ts';

/** The code that an authenticator app shows. @param secret as the page shows it, in base32 */
export function totpCode(secret: string, at = Date.now()): string {
  return TOTP.generate({ secret: Secret.fromBase32(secret.replaceAll(' ', '')), timestamp: at });
}

/**
 * As if the app had come to its next code, of which each is good once: nobody wants to wait half a minute in a test.
 * @param identityUrl the hub's database, as the role that signs people in
 */
export async function letTotpStepsPass(identityUrl: string): Promise<void> {
  const store = openStore(identityUrl, 'test', { settings: ['jiansheng.every=on'] });
  await store.query('update totp_factors set last_step = last_step - 3');
  await store.end();
}
