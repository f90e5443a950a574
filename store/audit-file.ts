import { createHash, createPublicKey, verify } from 'node:crypto';
import { OldKeyNeeded, type Cipher } from '../config/cipher.ts';
import { entryHash } from './audit-entry.ts';
import type { Manifest } from './audit-export.ts';
import type { Queryable } from './pool.ts';

/** What is wrong with an export. Lines are counted from 1. */
export type FileFinding =
  /** Not a line as an export has it. */
  | { kind: 'not-read'; line: number }
  /** The entry's text does not belong to its hash; told only where the hub's key is at hand. */
  | { kind: 'changed'; line: number }
  /** Does not follow the line before: out of order, or not the hash that the line before shows. */
  | { kind: 'unlinked'; line: number }
  /** A genuine entry of this hub that its log does not have (any more): the log was cut or put back to an earlier state. */
  | { kind: 'not-in-log'; line: number; seq: number }
  /** The last line is missing or broken: the file was cut off. */
  | { kind: 'no-manifest' }
  /** The signature does not belong to the manifest. */
  | { kind: 'signature' }
  /** The lines are not those that were signed. */
  | { kind: 'content' };

export type FileVerdict = {
  manifest: Manifest | null;
  entries: number;
  findings: FileFinding[];
  total: number;
};

const LINE =
  /^\{"previous":"([0-9a-f]{64})","hash":"([0-9a-f]{64})","by":"([\w.]+)","entry":(\{"v":1,"seq":(\d+),.*\})\}$/su;
const MANIFEST = /^\{"manifest":(\{.*\}),"signature":"([\w-]+)"\}$/su;
const MOST_FINDINGS = 20;
const BATCH = 2_000;

/** The hub that a file may come from. */
export type Origin = { cipher: Cipher; /** Sees the entries of every office. */ db: Queryable };

/**
 * Checks an export by itself, without a database.
 * @param lines of the file, without their ends
 * @param origin where the hub is at hand, every single hash is checked as well, and whether the log still has the entry
 */
export async function verifyExport(
  lines: AsyncIterable<string>,
  origin: Origin | null = null,
): Promise<FileVerdict> {
  const findings: FileFinding[] = [];
  let total = 0;
  const report = (finding: FileFinding) => {
    total++;
    if (findings.length < MOST_FINDINGS) findings.push(finding);
  };
  const sum = createHash('sha256');
  let before: { seq: number; hash: string } | null = null;
  let entries = 0;
  let held: string | null = null;
  let line = 0;
  let genuine: Genuine[] = [];

  function entry(text: string): void {
    line++;
    sum.update(`${text}\n`);
    const [, previous = '', hash = '', by = '', body = '', number = ''] = LINE.exec(text) ?? [];
    if (number === '') return report({ kind: 'not-read', line });
    entries++;
    const seq = Number(number);
    const gap = before !== null && seq > before.seq + 1;
    // Entries of other offices are not in the file: only direct neighbours can be held against one another.
    if (before && (seq <= before.seq || (!gap && previous !== before.hash)))
      report({ kind: 'unlinked', line });
    else if (origin) {
      const made = isGenuine(origin.cipher, previous, body, by, hash);
      if (made === false) report({ kind: 'changed', line });
      else if (made) genuine.push({ line, seq, hash });
    }
    before = { seq, hash };
  }

  async function compare(): Promise<void> {
    if (origin && genuine.length > 0)
      for (const { line, seq } of await missingIn(origin.db, genuine))
        report({ kind: 'not-in-log', line, seq });
    genuine = [];
  }

  for await (const text of lines) {
    if (held !== null) entry(held);
    held = text;
    if (genuine.length >= BATCH) await compare();
  }
  const manifest = readManifest(held ?? '');
  if (manifest === null && held !== null) entry(held);
  await compare();
  if (manifest === 'unsigned') report({ kind: 'signature' });
  else if (manifest === null) report({ kind: 'no-manifest' });
  else if (manifest.sha256 !== sum.digest('hex') || manifest.entries !== line) report({ kind: 'content' });
  return { manifest: typeof manifest === 'object' ? manifest : null, entries, findings, total };
}

function readManifest(text: string): Manifest | 'unsigned' | null {
  const [, body, signature = ''] = MANIFEST.exec(text) ?? [];
  if (body === undefined) return null;
  try {
    const manifest = JSON.parse(body) as Manifest;
    const key = createPublicKey({
      key: Buffer.from(manifest.publicKey, 'base64url'),
      type: 'spki',
      format: 'der',
    });
    const signed = verify(null, Buffer.from(body), key, Buffer.from(signature, 'base64url'));
    return signed ? manifest : 'unsigned';
  } catch {
    return 'unsigned';
  }
}

type Genuine = { line: number; seq: number; hash: string };

/** Those of the entries that the log does not have with this hash. */
async function missingIn(db: Queryable, entries: readonly Genuine[]): Promise<Genuine[]> {
  const found = await db.query<{ seq: number; hash: string }>(
    `select seq, encode(hash, 'hex') as hash from audit_entries where seq = any ($1)`,
    [entries.map(({ seq }) => seq)],
  );
  const kept = new Map(found.rows.map(({ seq, hash }) => [seq, hash]));
  return entries.filter(({ seq, hash }) => kept.get(seq) !== hash);
}

/** @returns null where it cannot be told: the file may come from another hub, whose key is not here */
function isGenuine(cipher: Cipher, previous: string, text: string, by: string, hash: string): boolean | null {
  try {
    return entryHash(cipher, previous, text, by) === hash;
  } catch (error) {
    if (error instanceof OldKeyNeeded) return null;
    throw error;
  }
}
