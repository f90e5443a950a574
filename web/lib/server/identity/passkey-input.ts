import { z } from 'zod';

/** Keys and signatures of the largest kinds (RSA 4096, ML-DSA) stay well below. */
const bytes = z.base64url().max(16_384);
const id = z.base64url().min(1).max(1_400);

/** What the browser sends after making a passkey; what is not named here is not looked at. */
const attestation = z.object({
  id,
  rawId: id,
  type: z.literal('public-key'),
  clientExtensionResults: z.object({}).default({}),
  response: z.object({
    clientDataJSON: bytes,
    attestationObject: bytes,
    transports: z.array(z.string().max(32)).max(8).default([]),
  }),
});
export type AttestationResponse = z.infer<typeof attestation>;

/** What the browser sends after a passkey was used. */
const assertion = z.object({
  id,
  rawId: id,
  type: z.literal('public-key'),
  clientExtensionResults: z.object({}).default({}),
  response: z.object({
    clientDataJSON: bytes,
    authenticatorData: bytes,
    signature: bytes,
    userHandle: z.base64url().max(128).optional(),
  }),
});
export type AssertionResponse = z.infer<typeof assertion>;

/** What a passkey is called by its person. */
export const passkeyName = z.string().trim().min(1).max(40);

const enrolment = z.object({ name: passkeyName, response: attestation });

/** @returns null when that is none */
export function readEnrolment(sent: unknown): z.infer<typeof enrolment> | null {
  return enrolment.safeParse(sent).data ?? null;
}

/** @returns null when that is none */
export function readAssertion(sent: unknown): AssertionResponse | null {
  return assertion.safeParse(sent).data ?? null;
}
