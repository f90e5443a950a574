import type { Cipher } from '../config/cipher.ts';
import type { Actor } from './actor.ts';

/** An act as it is told to `appendAudit`. */
export type Act = Actor & {
  /** Verb and object, kebab-case: `release-schedule`, `password-change`. */
  action: string;
  /** What it was done to: `release:17`. */
  subject: string;
  before?: unknown;
  after?: unknown;
};

/** An entry as its text holds it. */
export type AuditEntry = {
  v: 1;
  seq: number;
  at: string;
  officeId: number;
  actor: string;
  role: Actor['role'];
  address: string | null;
  action: string;
  subject: string;
  before: unknown;
  after: unknown;
};

/** What stands before the first entry. Hashes are written in hexadecimal digits throughout. */
export const GENESIS = '0'.repeat(64);

/** The text of an entry: JSON with its keys in this order. What is hashed is this text and not what it means. */
export function entryText(seq: number, at: Date, act: Act): string {
  const { officeId, id, role, address, action, subject, before = null, after = null } = act;
  return JSON.stringify(
    {
      ...{ v: 1, seq, at: at.toISOString(), officeId },
      actor: id,
      role,
      address,
      action,
      subject,
      before,
      after,
    },
    storable,
  );
}

/** PostgreSQL's JSON knows neither NUL nor half a surrogate pair, and an act must not fail for one in a form field. */
function storable(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\ufffd') : value;
}

export function readEntry(text: string): AuditEntry {
  return JSON.parse(text) as AuditEntry;
}

/** Whether a text is that of the entry with this number, without reading all of it. */
export function isEntry(seq: number, text: string): boolean {
  return text.startsWith(`{"v":1,"seq":${seq},`);
}

/** hash = keyed hash of (previous hash ‖ text): with the database alone, nobody can build the chain anew. */
export function entryHash(cipher: Cipher, previous: string, text: string, by?: string): string {
  return cipher.mac(previous + text, 'audit', by).toString('hex');
}

export function headMac(cipher: Cipher, seq: number, hash: string, by?: string): string {
  return cipher.mac(`${seq}.${hash}`, 'audit-head', by).toString('hex');
}
