import { openCipher } from '../../config/cipher.ts';
import { entryHash, entryText, GENESIS, headMac } from '../../store/audit-entry.ts';
import { openAuditLog } from '../../store/audit.ts';
import { verifyAudit } from '../../store/audit-verify.ts';
import { transaction, type Store } from '../../store/pool.ts';

const BATCH = 10_000;
const ACTIONS = ['release-save', 'release-schedule', 'sign-in', 'audit-read', 'role-grant', 'hand-over-send'];
const ROLES = ['press-officer', 'leader', 'responder', 'self'] as const;

/**
 * Fills an empty log with entries as the program writes them, of the usual length and of all these offices.
 * @param store as the owner of the database
 */
export async function fillAudit(
  store: Store,
  keys: readonly string[],
  offices: readonly number[],
  entries: number,
): Promise<void> {
  const cipher = openCipher(keys);
  let hash = GENESIS;
  const inFlight: Promise<unknown>[] = [];
  for (let first = 1; first <= entries; first += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, entries - first + 1) }, (_, n) => {
      const seq = first + n;
      const text = entryText(seq, new Date(Date.UTC(2026, 0, 1) + seq * 20_000), {
        officeId: offices[seq % offices.length] ?? 0,
        id: `person-${seq % 20_000}`,
        role: ROLES[seq % ROLES.length] ?? 'self',
        address: `10.${seq % 200}.3.${seq % 250}`,
        action: ACTIONS[seq % ACTIONS.length] ?? '',
        subject: `release:${seq % 50_000}`,
        before: { title: `关于开展专项监督的情况通报（第${seq}期）`, status: 'draft', version: seq % 9 },
        after: {
          title: `关于开展专项监督的情况通报（第${seq}期）`,
          status: 'scheduled',
          version: (seq % 9) + 1,
        },
      });
      const previous = hash;
      hash = entryHash(cipher, previous, text);
      return { seq, text, previous, hash };
    });
    // Two at once keep both cores at work; more would only wait.
    if (inFlight.length === 2) await inFlight.shift();
    const inserted = store.query(
      `insert into audit_entries (seq, entry, previous, hash, key_id)
       select seq, entry, decode(previous, 'hex'), decode(hash, 'hex'), $5
       from unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) as made (seq, entry, previous, hash)`,
      [
        rows.map((row) => row.seq),
        rows.map((row) => row.text),
        rows.map((row) => row.previous),
        rows.map((row) => row.hash),
        cipher.current,
      ],
    );
    // Awaited later; a failure must not count as unhandled until then.
    inserted.catch(() => {});
    inFlight.push(inserted);
  }
  await Promise.all(inFlight);
  await store.query(
    `update audit_head set seq = $1, hash = decode($2, 'hex'), key_id = $3, mac = decode($4, 'hex')`,
    [entries, hash, cipher.current, headMac(cipher, entries, hash)],
  );
}

export type Tampering = { seconds: number; tampered: number; found: number[]; entries: number };

/**
 * Changes one entry, drawn at random, as only the owner of the database can, and measures until it is found.
 * @throws when something else, or nothing, is found
 */
export async function measureTampering(store: Store, keys: readonly string[]): Promise<Tampering> {
  openAuditLog(openCipher(keys));
  const count = await store.query<{ entries: number }>('select count(*)::int as entries from audit_entries');
  const tampered = 1 + Math.floor(Math.random() * (count.rows[0]?.entries ?? 0));
  await transaction(store, async (client) => {
    await client.query('alter table audit_entries disable trigger audit_entries_append_only');
    await client.query(
      `update audit_entries set entry = replace(entry, '"actor":"person-', '"actor":"person-9') where seq = $1`,
      [tampered],
    );
    await client.query('alter table audit_entries enable trigger audit_entries_append_only');
  });
  const since = performance.now();
  const { entries, findings, total } = await verifyAudit(store);
  const seconds = (performance.now() - since) / 1000;
  const found = findings.map((finding) => (finding.kind === 'changed' ? finding.seq : -1));
  if (total !== 1 || found[0] !== tampered)
    throw new Error(`entry ${tampered} was changed, found: ${JSON.stringify(findings)}`);
  return { seconds, tampered, found, entries };
}
