import { betterAuth } from 'better-auth';
import type { Runtime } from '../../../config/runtime.ts';
import type { Store } from '../../../store/pool.ts';
import { sessionCookie } from './identity/session-cookie.ts';

const HOUR = 3600;

export type Auth = ReturnType<typeof openAuth>;

/**
 * The library's part in signing in: people and sessions in the tables of migration 0001, and the signed cookie. It opens no
 * session and checks no password (identity/), and its HTTP endpoints are not mounted, so that nothing else can be reached.
 */
export function openAuth(runtime: Runtime, store: Store) {
  return betterAuth({
    appName: 'jiansheng',
    baseURL: runtime.address,
    secret: runtime.secret,
    database: store,
    telemetry: { enabled: false },
    // Failures come to our log by the hub's own handler; the library's lines name e-mail addresses.
    logger: { disabled: true },
    // Its limiter guards only its own endpoints; identity/lock-out.ts guards the form.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'jiansheng',
      useSecureCookies: runtime.address.startsWith('https:'),
      ipAddress: { disableIpTracking: true },
    },
    emailAndPassword: { enabled: false },
    user: {
      modelName: 'people',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
      additionalFields: {
        officeId: { type: 'number', required: true, input: false, fieldName: 'office_id' },
        mustChangePassword: {
          type: 'boolean',
          required: true,
          input: false,
          fieldName: 'must_change_password',
        },
      },
    },
    session: {
      modelName: 'sessions',
      expiresIn: runtime.hub.signIn.absoluteHours * HOUR,
      disableSessionRefresh: true,
      fields: {
        userId: 'person_id',
        expiresAt: 'expires_at',
        ipAddress: 'place',
        userAgent: 'device',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
      additionalFields: {
        factor: { type: 'string', required: false, input: false },
      },
    },
    account: {
      modelName: 'credentials',
      fields: {
        userId: 'person_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: {
      modelName: 'verifications',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    plugins: [sessionCookie()],
  });
}
