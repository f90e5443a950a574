import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';

/** What the provider can do wrong, each once the field is set. */
export type OidcFault =
  | 'wrong-nonce'
  | 'wrong-signature'
  | 'expired'
  | 'wrong-audience'
  | 'wrong-issuer'
  | 'wrong-state'
  | 'wrong-subject'
  | 'denied'
  | 'replayed-code'
  | 'token-500'
  | 'token-slow'
  | 'discovery-500'
  | 'no-id-token';

export type OidcUser = {
  sub: string;
  email?: string;
  email_verified?: boolean;
  amr?: string[];
  acr?: string;
};

export type OidcSimulator = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Who is signed in at the provider. */
  user: OidcUser;
  fault: OidcFault | null;
  /** Leaves the e-mail out of the id_token, so that userinfo must be asked. */
  emailOnlyInUserinfo: boolean;
  asked: string[];
  close(): Promise<void>;
};

type Code = { clientId: string; redirectUri: string; challenge: string; nonce: string; spent: boolean };

/**
 * A provider on loopback by OpenID Connect Core 1.0: discovery, keys, authorization code with PKCE (S256), token and
 * userinfo. Its user has always agreed already.
 */
export async function startOidcSimulator(): Promise<OidcSimulator> {
  const keys = await generateKeyPair('RS256', { extractable: true });
  const foreign = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const codes = new Map<string, Code>();
  const tokens = new Set<string>();

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => send(response, 500, { error: String(error) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: OidcSimulator = {
    issuer,
    clientId: 'jiansheng',
    clientSecret: 'a-secret-of-the-simulator',
    user: { sub: 'user-1', email: 'a@desk.example', email_verified: true },
    fault: null,
    emailOnlyInUserinfo: false,
    asked: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer);
    provider.asked.push(url.pathname);
    if (url.pathname === '/.well-known/openid-configuration') {
      if (provider.fault === 'discovery-500') return send(response, 500, { error: 'server_error' });
      return send(response, 200, discovery(issuer));
    }
    if (url.pathname === '/jwks') return send(response, 200, { keys: [jwk] });
    if (url.pathname === '/authorize') return authorize(url.searchParams, response);
    if (url.pathname === '/token') return token(await form(request), response);
    if (url.pathname === '/userinfo') {
      const bearer = request.headers.authorization?.replace('Bearer ', '') ?? '';
      if (!tokens.has(bearer)) return send(response, 401, { error: 'invalid_token' });
      const { sub, email, email_verified } = provider.user;
      const subject = provider.fault === 'wrong-subject' ? 'somebody-else' : sub;
      return send(response, 200, { sub: subject, email, email_verified });
    }
    send(response, 404, { error: 'not_found' });
  }

  function authorize(asked: URLSearchParams, response: ServerResponse): void {
    const back = new URL(asked.get('redirect_uri') ?? issuer);
    back.searchParams.set('iss', issuer);
    back.searchParams.set('state', provider.fault === 'wrong-state' ? 'made-up' : (asked.get('state') ?? ''));
    const problem = problemOf(asked, provider);
    if (problem) {
      back.searchParams.set('error', problem);
    } else {
      const code = randomBytes(16).toString('base64url');
      codes.set(code, {
        clientId: asked.get('client_id') ?? '',
        redirectUri: asked.get('redirect_uri') ?? '',
        challenge: asked.get('code_challenge') ?? '',
        nonce: asked.get('nonce') ?? '',
        spent: false,
      });
      back.searchParams.set('code', code);
    }
    response.writeHead(302, { location: back.href }).end();
  }

  async function token(sent: URLSearchParams, response: ServerResponse): Promise<void> {
    if (provider.fault === 'token-500') return send(response, 500, { error: 'server_error' });
    // Longer than the hub waits.
    if (provider.fault === 'token-slow') await new Promise((resolve) => setTimeout(resolve, 5_000));
    const code = codes.get(sent.get('code') ?? '');
    const verifier = createHash('sha256')
      .update(sent.get('code_verifier') ?? '')
      .digest('base64url');
    if (
      !code ||
      code.spent ||
      provider.fault === 'replayed-code' ||
      sent.get('grant_type') !== 'authorization_code' ||
      code.redirectUri !== sent.get('redirect_uri') ||
      code.challenge !== verifier
    ) {
      return send(response, 400, { error: 'invalid_grant' });
    }
    if (sent.get('client_secret') !== provider.clientSecret || sent.get('client_id') !== code.clientId) {
      return send(response, 401, { error: 'invalid_client' });
    }
    code.spent = true;
    const accessToken = randomBytes(16).toString('base64url');
    tokens.add(accessToken);
    send(response, 200, {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: 300,
      ...(provider.fault !== 'no-id-token' && { id_token: await idToken(code) }),
    });
  }

  async function idToken(code: Code): Promise<string> {
    const { fault, user, emailOnlyInUserinfo } = provider;
    const { sub, amr, acr, email, email_verified } = user;
    const now = Math.floor(Date.now() / 1000);
    const key: CryptoKey = fault === 'wrong-signature' ? foreign.privateKey : keys.privateKey;
    return new SignJWT({
      nonce: fault === 'wrong-nonce' ? 'made-up' : code.nonce,
      ...(amr && { amr }),
      ...(acr && { acr }),
      ...(!emailOnlyInUserinfo && { email, email_verified }),
    })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(fault === 'wrong-issuer' ? 'https://elsewhere.example' : issuer)
      .setSubject(sub)
      .setAudience(fault === 'wrong-audience' ? 'another-client' : code.clientId)
      .setIssuedAt(fault === 'expired' ? now - 7200 : now)
      .setExpirationTime(fault === 'expired' ? now - 3600 : now + 300)
      .sign(key);
  }

  return provider;
}

function discovery(issuer: string): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  };
}

/** The error by which the provider sends the browser back; null: none. */
function problemOf(asked: URLSearchParams, provider: OidcSimulator): string | null {
  if (provider.fault === 'denied') return 'access_denied';
  if (asked.get('client_id') !== provider.clientId) return 'unauthorized_client';
  if (asked.get('response_type') !== 'code') return 'unsupported_response_type';
  if (!asked.get('scope')?.split(' ').includes('openid')) return 'invalid_scope';
  if (asked.get('code_challenge_method') !== 'S256' || !asked.get('nonce')) return 'invalid_request';
  return null;
}

async function form(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return new URLSearchParams(text);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
