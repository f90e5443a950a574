import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { Cipher } from '../config/cipher.ts';
import type { Queryable } from './pool.ts';
import type { Offices } from './scope.ts';
import { ensureSecret } from './secrets.ts';

/** The last line of an export says what the lines before it are; its signature makes that binding. */
export type Manifest = {
  v: 1;
  madeAt: string;
  /** Who made it, and the office whose entries (and those of the offices below it) it holds. */
  by: string;
  officeId: number;
  from: string | null;
  to: string | null;
  entries: number;
  firstSeq: number | null;
  lastSeq: number | null;
  /** Of every byte before this line. */
  sha256: string;
  algorithm: 'Ed25519';
  /** SPKI, base64url. */
  publicKey: string;
};

export type Export = { from: Date | null; to: Date | null; by: string; officeId: number };

const PAGE = 2_000;

/** The key that signs exports: drawn once, kept sealed. */
async function signingKey(db: Queryable, cipher: Cipher) {
  const der = await ensureSecret(db, cipher, 'audit-signing', () =>
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' }),
  );
  const privateKey = createPrivateKey({ key: der, type: 'pkcs8', format: 'der' });
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return { privateKey, publicKey: publicKey.toString('base64url') };
}

/** What people compare to know whose signature it is: the first half of the public key's SHA-256, in groups of four. */
export function fingerprint(publicKey: string): string {
  const hash = createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex');
  return (hash.slice(0, 32).match(/.{4}/gu) ?? []).join(' ');
}

/** The fingerprint of this hub's own signatures. */
export async function ownFingerprint(db: Queryable, cipher: Cipher): Promise<string> {
  return fingerprint((await signingKey(db, cipher)).publicKey);
}

/**
 * The lines of an export, one entry each, then the signed manifest. The entries stand in it as they were hashed, byte by
 * byte, and each with the hash before it.
 */
export async function* exportAudit(
  db: Queryable,
  offices: Offices,
  cipher: Cipher,
  { from, to, by, officeId }: Export,
): AsyncGenerator<string> {
  const { privateKey, publicKey } = await signingKey(db, cipher);
  const sum = createHash('sha256');
  let entries = 0;
  let firstSeq: number | null = null;
  let lastSeq: number | null = null;
  for (;;) {
    const page: { rows: { seq: number; line: string }[] } = await db.query<{ seq: number; line: string }>(
      `select seq, format('{"previous":"%s","hash":"%s","by":"%s","entry":%s}',
         encode(previous, 'hex'), encode(hash, 'hex'), key_id, entry) as line
       from audit_entries
       where seq > $1 and ($2::int[] is null or office_id = any ($2))
         and ($3::timestamptz is null or at >= $3) and ($4::timestamptz is null or at < $4)
       order by seq limit ${PAGE}`,
      [lastSeq ?? 0, offices, from, to],
    );
    if (page.rows.length === 0) break;
    const text = page.rows.map(({ line }) => `${line}\n`).join('');
    sum.update(text);
    entries += page.rows.length;
    firstSeq ??= page.rows[0]?.seq ?? null;
    lastSeq = page.rows.at(-1)?.seq ?? null;
    yield text;
  }
  const manifest: Manifest = {
    ...{ v: 1, madeAt: new Date().toISOString(), by, officeId },
    from: from?.toISOString() ?? null,
    to: to?.toISOString() ?? null,
    ...{ entries, firstSeq, lastSeq },
    sha256: sum.digest('hex'),
    ...{ algorithm: 'Ed25519', publicKey },
  };
  const text = JSON.stringify(manifest);
  const signature = sign(null, Buffer.from(text), privateKey).toString('base64url');
  yield `{"manifest":${text},"signature":"${signature}"}\n`;
}
