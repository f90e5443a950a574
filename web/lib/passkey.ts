import {
  browserSupportsWebAuthn,
  startAuthentication,
  startRegistration,
  WebAuthnError,
} from '@simplewebauthn/browser';
import { factorMessages } from './messages/factors.ts';

const words = factorMessages.passkey;

type Options = Parameters<typeof startAuthentication>[0]['optionsJSON'];
type NewOptions = Parameters<typeof startRegistration>[0]['optionsJSON'];

/** What came of it, or the words for why nothing did. */
export type PasskeyResult<T> = { done: T } | { message: string };

export function passkeysWork(): boolean {
  return browserSupportsWebAuthn();
}

/** The two endpoints of a ceremony: what is asked of the browser, and where its answer goes. */
export type Endpoints = { options: string; verify: string };

/** Lets the person use a passkey. */
export function usePasskey(at: Endpoints): Promise<PasskeyResult<unknown>> {
  return ceremony(at, async (options) => startAuthentication({ optionsJSON: options as Options }));
}

/** Lets the person make a passkey. @returns recovery codes where these came with it */
export function makePasskey(at: Endpoints, name: string): Promise<PasskeyResult<{ codes: string[] | null }>> {
  return ceremony(at, async (options) => ({
    name,
    response: await startRegistration({ optionsJSON: options as NewOptions }),
  }));
}

async function ceremony<T>(
  at: Endpoints,
  answer: (options: unknown) => Promise<unknown>,
): Promise<PasskeyResult<T>> {
  if (!passkeysWork()) return { message: words.unsupported };
  try {
    const options = await post(at.options, {});
    if ('message' in options) return options;
    return (await post(at.verify, await answer(options.done))) as PasskeyResult<T>;
  } catch (error) {
    return { message: wordsFor(error) };
  }
}

async function post(path: string, body: unknown): Promise<PasskeyResult<unknown>> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const sent = (await response.json().catch(() => null)) as { message?: string } | null;
  if (response.ok && !response.redirected && sent) return { done: sent };
  return { message: sent?.message ?? words.failed };
}

function wordsFor(error: unknown): string {
  if (error instanceof WebAuthnError && error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED') {
    return words.known;
  }
  // What browsers say when the person closes the dialogue or does nothing.
  if (error instanceof Error && (error.name === 'NotAllowedError' || error.name === 'AbortError')) {
    return words.cancelled;
  }
  return error instanceof TypeError ? words.failed : words.unsupported;
}
