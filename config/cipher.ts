import type { KeyObject } from 'node:crypto';
import { aes256GcmHmacSha256 } from './cipher-suite.ts';
import { HubError } from './errors.ts';
import { keyId, subkey } from './keys.ts';
import { messages } from './messages.ts';

/**
 * The algorithms behind the seam. Today there is one suite; SM4-GCM with HMAC-SM3 is another one, registered under another
 * name: what the older suite has sealed still says so by its prefix, and opens.
 */
export interface Suite {
  /** First part of every sealed text; letters and digits, never used again for other algorithms. */
  readonly name: string;
  /** Encrypts under a 32-byte key, bound to the context. The nonce is drawn anew and is part of the result. */
  seal(key: KeyObject, plain: Buffer, context: string): Buffer;
  /** Throws when key, bytes or context are not those of the sealing. */
  open(key: KeyObject, sealed: Buffer, context: string): Buffer;
  mac(key: KeyObject, data: Buffer | string): Buffer;
}

/** What a value is sealed for: `purpose` or `purpose:id`, e.g. `totp:⟨person⟩`. It opens under the same context only. */
export type Context = string;

/** Seals under the newest key; opens and checks under any key that the hub was given. */
export interface Cipher {
  /** Suite and id of the newest key, `v1.⟨8 hex⟩`: what new values are sealed with. */
  readonly current: string;
  /** @returns `⟨suite⟩.⟨key id⟩.⟨base64url⟩` */
  seal(plain: Buffer | string, context: Context): string;
  /** @throws OldKeyNeeded, SealBroken */
  open(sealed: string, context: Context): Buffer;
  /**
   * A keyed hash. Its purpose is kept apart from those of other contexts by a key of its own.
   * @param by suite and key that an older value was made with, as `current` was then
   * @throws OldKeyNeeded
   */
  mac(data: Buffer | string, context: Context, by?: string): Buffer;
  /** Sealed with something older than `current`: `jiansheng keys rotate` seals it anew. */
  isStale(sealed: string): boolean;
}

/** A value can be opened again as soon as the key that it was sealed with is named. */
export class OldKeyNeeded extends HubError {}

/** A value is lost: it was changed, cut off or moved from another place. It has to be set anew. */
export class SealBroken extends HubError {}

const suites: readonly Suite[] = [aes256GcmHmacSha256];

/**
 * @param keys base64, 32 bytes each, the newest first
 * @param known the suites that values may be sealed with; the first one seals
 */
export function openCipher(keys: readonly string[], known: readonly Suite[] = suites): Cipher {
  const masters = new Map(keys.map((key) => [keyId(key), Buffer.from(key, 'base64')]));
  const [newest] = masters.keys();
  const [suite] = known;
  if (newest === undefined || suite === undefined) throw new Error('a cipher needs a key and a suite');
  const current = `${suite.name}.${newest}`;

  // Deriving takes longer than sealing; there are as many purposes as places in the code that seal something.
  const derived = new Map<string, { suite: Suite; key: KeyObject }>();
  function keyFor(by: string, use: 'seal' | 'mac', context: Context) {
    const purpose = context.split(':', 1)[0] ?? '';
    const label = `${by}/${use}/${purpose}`;
    const made = derived.get(label);
    if (made) return made;
    const [name = '', id = ''] = by.split('.');
    const found = known.find((each) => each.name === name);
    const master = masters.get(id);
    if (!found || !master) throw new OldKeyNeeded('old-key-needed', messages.oldKeyNeeded(id));
    const entry = { suite: found, key: subkey(master, label) };
    derived.set(label, entry);
    return entry;
  }

  return Object.freeze({
    current,
    seal(plain: Buffer | string, context: Context) {
      const bytes = typeof plain === 'string' ? Buffer.from(plain, 'utf8') : plain;
      const { key } = keyFor(current, 'seal', context);
      return `${current}.${suite.seal(key, bytes, context).toString('base64url')}`;
    },
    open(sealed: string, context: Context) {
      const [name, id, body, ...rest] = sealed.split('.');
      const broken = (cause?: unknown) => new SealBroken('seal-broken', messages.sealBroken, { cause });
      if (!name || !id || body === undefined || rest.length > 0) throw broken();
      const made = keyFor(`${name}.${id}`, 'seal', context);
      try {
        return made.suite.open(made.key, Buffer.from(body, 'base64url'), context);
      } catch (cause) {
        throw broken(cause);
      }
    },
    mac(data: Buffer | string, context: Context, by = current) {
      const made = keyFor(by, 'mac', context);
      return made.suite.mac(made.key, data);
    },
    isStale: (sealed: string) => !sealed.startsWith(`${current}.`),
  });
}
