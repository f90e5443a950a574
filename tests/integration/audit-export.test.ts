import { generateKeyPairSync, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCipher } from '../../config/cipher.ts';
import { drawKey } from '../../config/keys.ts';
import { exportAudit, fingerprint, ownFingerprint, type Manifest } from '../../store/audit-export.ts';
import { verifyExport } from '../../store/audit-file.ts';
import { appendAudit, auditCipher } from '../../store/audit.ts';
import { openStore, transaction, type Pool } from '../../store/pool.ts';
import { startTestEngines, TEST_KEY, type TestEngines } from '../support/engines.ts';
import { runCli } from '../support/hub.ts';

let engines: TestEngines;
let app: Pool;
let other: number;
beforeAll(async () => {
  engines = await startTestEngines();
  app = openStore(engines.runtime().databaseUrl, 'app', { settings: ['jiansheng.every=on'] });
  const office = await engines.store.query<{ id: number }>(
    `insert into offices (code, name, level) values ('test-2', '另一院', 'county') returning id`,
  );
  other = office.rows[0]?.id ?? 0;
  for (let n = 1; n <= 12; n++) {
    await transaction(app, (client) =>
      appendAudit(client, {
        id: 'p1',
        officeId: n % 4 === 0 ? other : engines.officeId,
        role: 'press-officer',
        address: '10.0.0.1',
        action: 'release-save',
        subject: `release:${n}`,
        after: { title: `第${n}篇 "引号" 100% \\ ${'\u2028'}` },
      }),
    );
  }
});
afterAll(async () => {
  await app.end();
  await engines.stop();
});

async function lines(offices: number[] | null = null, from: Date | null = null): Promise<string[]> {
  let text = '';
  const about = { from, to: null, by: 'auditor', officeId: engines.officeId };
  for await (const piece of exportAudit(app, offices, auditCipher(), about)) text += piece;
  expect(text.endsWith('\n')).toBe(true);
  return text.slice(0, -1).split('\n');
}

async function* each(all: string[]): AsyncGenerator<string> {
  yield* all;
}
const check = (all: string[], keys: string[] | null = null) =>
  verifyExport(each(all), keys && { cipher: openCipher(keys), db: app });
const kinds = async (all: string[], keys: string[] | null = null) =>
  (await check(all, keys)).findings.map(({ kind }) => kind);

describe('an export', () => {
  test('holds every entry and says what it is', async () => {
    const all = await lines();
    expect(all).toHaveLength(13);
    const { manifest, ...rest } = await check(all);
    expect(rest).toEqual({ entries: 12, findings: [], total: 0 });
    expect(manifest).toMatchObject({ by: 'auditor', entries: 12, firstSeq: 1, lastSeq: 12, from: null });
    expect(fingerprint((manifest as Manifest).publicKey)).toBe(await ownFingerprint(app, auditCipher()));
    const first = JSON.parse(all[0] ?? '') as { entry: { seq: number; after: { title: string } } };
    expect(first.entry).toMatchObject({ seq: 1, after: { title: expect.stringContaining('第1篇 "引号"') } });
  });

  test('of one office holds its entries only, and is whole without the others', async () => {
    const all = await lines([engines.officeId]);
    expect(all).toHaveLength(10);
    expect(await kinds(all, [TEST_KEY])).toEqual([]);
  });

  test('of a time without entries says so', async () => {
    const all = await lines(null, new Date(Date.now() + 60_000));
    expect(all).toHaveLength(1);
    expect(await check(all)).toMatchObject({ entries: 0, total: 0, manifest: { firstSeq: null } });
  });

  test('is always signed by the same key, whichever process does it', async () => {
    const [one, two] = await Promise.all([
      ownFingerprint(app, auditCipher()),
      ownFingerprint(engines.store, openCipher([drawKey(), TEST_KEY])),
    ]);
    expect(one).toBe(two);
    expect(one).toMatch(/^([0-9a-f]{4} ){7}[0-9a-f]{4}$/);
  });
});

describe('a file that is not as it was exported is found out', () => {
  const swap = (text: string) => text.replace('p1', 'p2');

  test('when an entry was changed; with the key, which one', async () => {
    const all = (await lines()).map((line, n) => (n === 4 ? swap(line) : line));
    expect(await kinds(all)).toEqual(['content']);
    expect((await check(all, [TEST_KEY])).findings).toEqual([
      { kind: 'changed', line: 5 },
      { kind: 'content' },
    ]);
    expect(await kinds(all, [drawKey()])).toEqual(['content']);
  });

  test.each([
    ['a line is missing', (all: string[]) => all.toSpliced(4, 1), ['content']],
    ['the first line is missing', (all: string[]) => all.slice(1), ['content']],
    ['the last entry is missing', (all: string[]) => all.toSpliced(11, 1), ['content']],
    ['a line is there twice', (all: string[]) => all.toSpliced(4, 0, all[4] ?? ''), ['unlinked', 'content']],
    [
      'two lines are swapped',
      (all: string[]) => all.toSpliced(4, 2, all[5] ?? '', all[4] ?? ''),
      ['unlinked', 'content'],
    ],
    ['a line is nonsense', (all: string[]) => all.with(4, '{}'), ['not-read', 'content']],
    ['a line is empty', (all: string[]) => all.toSpliced(4, 0, ''), ['not-read', 'content']],
    ['it was cut off', (all: string[]) => all.slice(0, 7), ['no-manifest']],
    ['nothing is left', () => [], ['no-manifest']],
  ])('%s', async (_, change, expected) => {
    expect(await kinds(change(await lines()))).toEqual(expected);
  });

  test('when the manifest was made to fit', async () => {
    const all = await lines();
    const manifest = all.at(-1) ?? '';
    expect(await kinds(all.with(-1, manifest.replace('"auditor"', '"somebody"')))).toEqual(['signature']);
    expect(await kinds(all.with(-1, manifest.replace(/"signature":"../, '"signature":"AA')))).toEqual([
      'signature',
    ]);
  });

  test('when the log was put back to an earlier state: the file knows more than the log', async () => {
    const all = await lines();
    await engines.store.query('alter table audit_entries disable trigger all');
    const cut = await engines.store.query<{ entry: string; previous: Buffer; hash: Buffer; key_id: string }>(
      'delete from audit_entries where seq >= 11 returning entry, previous, hash, key_id',
    );
    expect((await check(all, [TEST_KEY])).findings).toEqual([
      { kind: 'not-in-log', line: 11, seq: 11 },
      { kind: 'not-in-log', line: 12, seq: 12 },
    ]);
    for (const { entry, previous, hash, key_id } of cut.rows) {
      const { seq } = JSON.parse(entry) as { seq: number };
      await engines.store.query(
        'insert into audit_entries (seq, entry, previous, hash, key_id) values ($1, $2, $3, $4, $5)',
        [seq, entry, previous, hash, key_id],
      );
    }
    await engines.store.query('alter table audit_entries enable trigger all');
    expect(await kinds(all, [TEST_KEY])).toEqual([]);
  });

  test('when everything was signed anew by somebody else: the fingerprint is another one', async () => {
    const all = await lines();
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const { manifest } = JSON.parse(all.at(-1) ?? '') as { manifest: Manifest };
    const forged = JSON.stringify({
      ...manifest,
      publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64url'),
    });
    const signature = sign(null, Buffer.from(forged), privateKey).toString('base64url');
    const verdict = await check(all.with(-1, `{"manifest":${forged},"signature":"${signature}"}`));
    expect(verdict.total).toBe(0);
    expect(fingerprint(verdict.manifest?.publicKey ?? '')).not.toBe(await ownFingerprint(app, auditCipher()));
  });
});

describe('on the command line', () => {
  const ownerUrl = () => engines.store.options.connectionString ?? '';
  const database = () => ({ DATABASE_URL: ownerUrl(), JIANSHENG_KEY: TEST_KEY });

  test('a file is checked without a hub', async () => {
    const file = join(engines.folder, 'export.jsonl');
    const all = await lines();
    writeFileSync(file, `${all.join('\n')}\n`);
    const args = ['audit', 'verify', '--file', file];
    const alone = { JIANSHENG_DATA: join(engines.folder, 'nowhere') };
    const good = await runCli(args, alone);
    expect(good.code).toBe(0);
    expect(good.out).toContain('导出文件完好：共 12 条');
    expect(good.out).toContain(await ownFingerprint(app, auditCipher()));
    expect((await runCli(args, database())).out).toContain('签名出自本平台');
    writeFileSync(file, all.slice(0, 7).join('\n'));
    const cut = await runCli(args, alone);
    expect(cut).toMatchObject({ code: 1, out: expect.stringContaining('文件不完整') });
    const missing = await runCli(['audit', 'verify', '--file', '/nowhere.jsonl'], alone);
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('读不到导出文件') });
  });

  test('the log is checked: exit code 1 and the very entry when something is wrong', async () => {
    const env = database();
    const good = await runCli(['audit', 'verify'], env);
    expect(good).toMatchObject({ code: 0, out: expect.stringMatching(/审计日志完好：共 \d+ 条/) });
    await engines.store.query(
      `alter table audit_entries disable trigger all;
       update audit_entries set entry = replace(entry, '第7篇', '第0篇') where seq = 7;
       alter table audit_entries enable trigger all`,
    );
    const bad = await runCli(['audit', 'verify'], env);
    expect(bad.code).toBe(1);
    expect(bad.out).toContain('审计日志有 1 处异常');
    expect(bad.out).toContain('第 7 条：内容或哈希被改动');
  });

  test('the rest is told: usage, no hub, no key', async () => {
    expect((await runCli(['audit'])).code).toBe(2);
    expect((await runCli(['keys', 'lose'])).code).toBe(2);
    const nowhere = { JIANSHENG_DATA: join(engines.folder, 'nowhere') };
    expect(await runCli(['audit', 'verify'], nowhere)).toMatchObject({
      code: 1,
      err: expect.stringContaining('检声没有运行'),
    });
    expect(await runCli(['keys', 'rotate'], { DATABASE_URL: ownerUrl() })).toMatchObject({
      code: 1,
      err: expect.stringContaining('JIANSHENG_KEY='),
    });
  });

  test('keys are drawn, and what an older one has sealed is sealed anew, once', async () => {
    const drawn = await runCli(['keys', 'new']);
    const key = drawn.out.trim();
    expect(key).toMatch(/^[\w-]{43}$/);
    const env = { DATABASE_URL: ownerUrl(), JIANSHENG_KEY: key };
    const lost = await runCli(['keys', 'rotate'], env);
    expect(lost).toMatchObject({
      code: 1,
      err: expect.stringContaining('未能重新加密 secrets audit-signing'),
    });
    const before = await ownFingerprint(app, auditCipher());
    const rotated = await runCli(['keys', 'rotate'], { ...env, JIANSHENG_KEY_PREVIOUS: TEST_KEY });
    expect(rotated).toMatchObject({ code: 0, out: expect.stringContaining('重新加密 1 项') });
    expect(await ownFingerprint(app, openCipher([key]))).toBe(before);
    const again = await runCli(['keys', 'rotate'], env);
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('没有需要重新加密的内容') });
    const entry = await engines.store.query<{ subject: string }>(
      `select subject from audit_entries where action = 'key-rotate'`,
    );
    expect(entry.rows).toHaveLength(1);
  });
});
