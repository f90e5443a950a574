import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import type { AssertionResponse, AttestationResponse } from '../../web/lib/server/identity/passkey-input.ts';

/** What a real authenticator would never do, for tests of what the hub makes of it. */
export type Twist = { origin?: string; userVerified?: boolean; counter?: number; userHandle?: string };

/** An authenticator in software (ES256): one passkey for one hub, as WebAuthn Level 3, sections 6 and 7, has it. */
export class SoftAuthenticator {
  readonly id = randomBytes(32);
  counter = 0;
  readonly #key: KeyObject;
  readonly #public: { x: Buffer; y: Buffer };
  readonly #rpId: string;
  readonly #origin: string;

  constructor(rpId: string, origin: string) {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = pair.publicKey.export({ format: 'jwk' });
    this.#key = pair.privateKey;
    this.#public = { x: Buffer.from(jwk.x ?? '', 'base64url'), y: Buffer.from(jwk.y ?? '', 'base64url') };
    this.#rpId = rpId;
    this.#origin = origin;
  }

  /** Makes the passkey. */
  create(challenge: string, twist: Twist = {}): AttestationResponse {
    const { x, y } = this.#public;
    // COSE key: kty EC2, alg ES256, crv P-256.
    const cose = Buffer.concat([
      Buffer.from('a5010203262001215820', 'hex'),
      x,
      Buffer.from('225820', 'hex'),
      y,
    ]);
    const idLength = Buffer.alloc(2);
    idLength.writeUInt16BE(this.id.length);
    const attested = Buffer.concat([Buffer.alloc(16), idLength, this.id, cose]);
    const data = Buffer.concat([this.#head(0x40, twist), attested]);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(data.length);
    // CBOR: {"fmt": "none", "attStmt": {}, "authData": bytes}
    const attestation = Buffer.concat([
      Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746159', 'hex'),
      length,
      data,
    ]);
    return {
      ...this.#envelope(),
      response: {
        clientDataJSON: this.#client('webauthn.create', challenge, twist).toString('base64url'),
        attestationObject: attestation.toString('base64url'),
        transports: ['internal'],
      },
    };
  }

  /** Uses the passkey. */
  get(challenge: string, twist: Twist = {}): AssertionResponse {
    this.counter = twist.counter ?? this.counter + 1;
    const client = this.#client('webauthn.get', challenge, twist);
    const data = this.#head(0, twist);
    const hashed = createHash('sha256').update(client).digest();
    const signature = sign('sha256', Buffer.concat([data, hashed]), this.#key);
    return {
      ...this.#envelope(),
      response: {
        clientDataJSON: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: signature.toString('base64url'),
        ...(twist.userHandle !== undefined && {
          userHandle: Buffer.from(twist.userHandle).toString('base64url'),
        }),
      },
    };
  }

  #envelope() {
    const id = this.id.toString('base64url');
    return { id, rawId: id, type: 'public-key' as const, clientExtensionResults: {} };
  }

  #client(type: string, challenge: string, twist: Twist): Buffer {
    const origin = twist.origin ?? this.#origin;
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }

  /** Hash of the hub's name, flags (present, verified), counter. */
  #head(flags: number, { userVerified = true, counter = this.counter }: Twist): Buffer {
    const tail = Buffer.alloc(5);
    tail.writeUInt8(flags | 0x01 | (userVerified ? 0x04 : 0));
    tail.writeUInt32BE(counter, 1);
    return Buffer.concat([createHash('sha256').update(this.#rpId).digest(), tail]);
  }
}
