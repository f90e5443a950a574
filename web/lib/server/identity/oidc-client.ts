import {
  allowInsecureRequests,
  authorizationCodeGrant,
  AuthorizationResponseError,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientError,
  ClientSecretBasic,
  ClientSecretPost,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  ResponseBodyError,
  type ClientAuth,
  type Configuration,
} from 'openid-client';
import type { OidcState } from '../../../../store/oidc-states.ts';

export type OidcSettings = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Where the provider sends the browser back to. */
  redirectUri: string;
  /** Values of `acr` by which the provider says that it asked for more than a password. */
  strongAcr: readonly string[];
  timeoutSeconds?: number;
};

export type OidcAccount = {
  issuer: string;
  subject: string;
  /** In lower case; null: the provider gave none. */
  email: string | null;
  emailVerified: boolean;
  /** The provider has asked for more than a password. */
  strong: boolean;
};

/** `denied`: the person or the provider said no. `unreachable`: may pass. `invalid`: the answer cannot be trusted. */
export type OidcFailure = 'denied' | 'unreachable' | 'invalid';

/** What the provider answered, or why that could not be used; the cause is for the log. */
export type OidcAnswer = { account: OidcAccount } | { failure: OidcFailure; cause: unknown };

/** Methods of RFC 8176 that are, or stand for, something besides a password. */
const STRONG_AMR = new Set(['mfa', 'otp', 'hwk', 'sc']);

const TIMEOUT_SECONDS = 10;
/** A provider changes its keys now and then; its addresses, hardly ever. */
const DISCOVERED_MS = 3_600_000;

/** The hub as a client of one provider: authorization code with PKCE, state, nonce and a signed id_token. */
export class OidcClient {
  readonly #settings: OidcSettings;
  #found: { configuration: Configuration; at: number } | null = null;

  constructor(settings: OidcSettings) {
    this.#settings = settings;
  }

  /** Where to send the browser, and what to keep until it comes back. @throws when the provider cannot be reached */
  async begin(): Promise<{ url: URL; begun: Pick<OidcState, 'state' | 'nonce' | 'codeVerifier'> }> {
    const configuration = await this.#configuration();
    const begun = { state: randomState(), nonce: randomNonce(), codeVerifier: randomPKCECodeVerifier() };
    const { strongAcr } = this.#settings;
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: this.#settings.redirectUri,
      scope: 'openid email',
      state: begun.state,
      nonce: begun.nonce,
      code_challenge: await calculatePKCECodeChallenge(begun.codeVerifier),
      code_challenge_method: 'S256',
      ...(strongAcr.length > 0 && { acr_values: strongAcr.join(' ') }),
    });
    return { url, begun };
  }

  /** Turns the browser's return into an account. @param query what the provider sent the browser back with */
  async finish(query: URLSearchParams, begun: OidcState): Promise<OidcAnswer> {
    try {
      const configuration = await this.#configuration();
      const tokens = await authorizationCodeGrant(
        configuration,
        new URL(`${this.#settings.redirectUri}?${query}`),
        {
          expectedState: begun.state,
          expectedNonce: begun.nonce,
          pkceCodeVerifier: begun.codeVerifier,
          idTokenExpected: true,
        },
      );
      const claims = tokens.claims();
      if (!claims) return { failure: 'invalid', cause: new Error('no id_token') };
      // Providers may keep the e-mail out of the id_token; userinfo must then be about the same subject.
      const told =
        claims['email'] === undefined && configuration.serverMetadata().userinfo_endpoint
          ? await fetchUserInfo(configuration, tokens.access_token, claims.sub)
          : claims;
      const { email } = told;
      return {
        account: {
          issuer: claims.iss,
          subject: claims.sub,
          email: typeof email === 'string' ? email.trim().toLowerCase() : null,
          emailVerified: told['email_verified'] === true,
          strong: this.#isStrong(claims['amr'], claims['acr']),
        },
      };
    } catch (cause) {
      return { failure: failureOf(cause), cause };
    }
  }

  #isStrong(amr: unknown, acr: unknown): boolean {
    if (Array.isArray(amr) && amr.some((method) => STRONG_AMR.has(method as string))) return true;
    return typeof acr === 'string' && this.#settings.strongAcr.includes(acr);
  }

  async #configuration(): Promise<Configuration> {
    if (this.#found && Date.now() - this.#found.at < DISCOVERED_MS) return this.#found.configuration;
    const { issuer, clientId, clientSecret, timeoutSeconds = TIMEOUT_SECONDS } = this.#settings;
    const server = new URL(issuer);
    // hub.yaml takes plain http for this very machine only.
    const insecure = server.protocol === 'http:' ? [allowInsecureRequests] : [];
    const configuration = await discovery(server, clientId, undefined, secretAuth(clientSecret), {
      timeout: timeoutSeconds,
      // The library trusts TLS instead of the id_token's signature unless it is told to look.
      execute: [enableNonRepudiationChecks, ...insecure],
    });
    this.#found = { configuration, at: Date.now() };
    return configuration;
  }
}

/** The secret in the way the provider takes it; where it does not say, as OpenID Connect has it by default. */
function secretAuth(secret: string): ClientAuth {
  return (server, client, body, headers) => {
    const ways = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const auth = ways.includes('client_secret_post') ? ClientSecretPost(secret) : ClientSecretBasic(secret);
    return auth(server, client, body, headers);
  };
}

/** Codes of the library by which the provider was down, too slow, or answered with something that is no answer. */
const PASSING = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
]);

function failureOf(error: unknown): OidcFailure {
  if (error instanceof AuthorizationResponseError) {
    if (error.error === 'access_denied') return 'denied';
    return /^(?:server_error|temporarily_unavailable)$/u.test(error.error) ? 'unreachable' : 'invalid';
  }
  if (error instanceof ResponseBodyError) return error.status >= 500 ? 'unreachable' : 'invalid';
  if (error instanceof ClientError) {
    return error.code !== undefined && PASSING.has(error.code) ? 'unreachable' : 'invalid';
  }
  // What undici throws for a connection that was refused or broke off.
  return error instanceof TypeError && error.cause !== undefined ? 'unreachable' : 'invalid';
}
