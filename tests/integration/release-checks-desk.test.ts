import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { secrecyItems } from '../../config/release-checks.ts';
import { contentOf } from '../../config/release-content.ts';
import { documentOfText } from '../../publisher/releases/plain.ts';
import { checkRun } from '../../store/check-runs.ts';
import { createRelease, saveRelease } from '../../store/releases.ts';
import { checkMessages as words } from '../../web/lib/messages/checks.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { ask, makePerson, signIn, startTestWeb, type Session, type TestWeb } from '../support/web.ts';
import type { Actor } from '../../store/actor.ts';

let engines: TestEngines;
let web: TestWeb;
let city: number;
let officer: Session;
let leader: Session;
let writer: Actor;

beforeAll(async () => {
  engines = await startTestEngines();
  web = await startTestWeb(engines);
  const { store } = engines;
  city = await makeOffice(store, 'city', 'municipal', await makeOffice(store, 'province', 'provincial'));
  const sign = async (name: string, role: 'leader' | 'press-officer') =>
    signIn(store, web.address, await makePerson(store, name, city, role));
  officer = await sign('officer', 'press-officer');
  leader = await sign('leader', 'leader');
  writer = { id: 'officer', officeId: city, role: 'press-officer', address: null };
});
afterAll(async () => {
  await web?.stop();
  await engines?.stop();
});

const write = (text: string) =>
  createRelease(engines.store, writer, contentOf({ title: '工作动态', document: documentOfText(text) }));
const pathOf = (id: number) => `/releases/${id}/checks`;
const page = async (id: number, who = officer) =>
  (await ask(web.address, 'GET', pathOf(id), who.cookie)).text;
const send = (id: number, action: string, fields: Record<string, string> = {}, who = officer) =>
  ask(web.address, 'POST', `${pathOf(id)}?/${action}`, who.cookie, fields);
const run = (id: number) => send(id, 'run');

describe('the page of the checks', () => {
  test('says that nothing has run before it says that nothing was found', async () => {
    const id = await write('本院举办活动。');
    const before = await page(id);
    expect(before).toContain(words.neverRun);
    expect(before).not.toContain(words.none);
    await run(id);
    const after = await page(id);
    expect(after).toContain(words.ran(1));
    expect(after).not.toContain(words.neverRun);
  });

  test('shows each finding in its words, with what to do', async () => {
    const id = await write('被害人王建国报案后，请登录帐号查询。');
    await run(id);
    const text = await page(id);
    expect(text).toContain('<mark>王建国</mark>');
    expect(text).toContain('<mark>帐号</mark>');
    expect(text).toContain('王某某');
    expect(text).toContain(words.severity.block);
  });

  test('of an older version says so, and offers no reasons', async () => {
    const id = await write('请登录帐号查询。');
    await run(id);
    await saveRelease(
      engines.store,
      writer,
      id,
      1,
      contentOf({ title: '工作动态', document: documentOfText('请登录帐号查询，谢谢。') }),
    );
    const text = await page(id);
    expect(text).toContain(words.stale(1, 2));
    expect(text).not.toContain(words.give);
  });

  test('is read by leaders, who change nothing', async () => {
    const id = await write('请登录帐号查询。');
    await run(id);
    const text = await page(id, leader);
    expect(text).toContain('<mark>帐号</mark>');
    expect(text).not.toContain(words.runAgain);
    expect((await send(id, 'run', {}, leader)).status).toBe(403);
  });
});

describe('a reason', () => {
  async function warned() {
    const id = await write('请登录帐号查询。被害人王建国报案。');
    await run(id);
    const findings = (await checkRun(engines.store, id))?.findings ?? [];
    const of = (check: string) => findings.find((each) => each.check === check)!;
    return { id, warning: of('wrong-words'), block: of('personal-data') };
  }

  test('moves its warning to those that were answered, with the name', async () => {
    const { id, warning } = await warned();
    const { check, finding } = warning;
    await send(id, 'reason', { check, finding, reason: '引用公告原文' });
    const text = await page(id);
    expect(text).toContain(words.answered);
    expect(text).toContain('引用公告原文');
    expect(text).toContain('officer');
  });

  test('of one character is none', async () => {
    const { id, warning } = await warned();
    const { check, finding } = warning;
    const answer = await send(id, 'reason', { check, finding, reason: ' 好 ' });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(words.badReason);
  });

  test('passes nothing that blocks, and nothing that was not found', async () => {
    const { id, block } = await warned();
    const { check, finding } = block;
    expect((await send(id, 'reason', { check, finding, reason: '本人同意' })).status).toBe(409);
    const other = { check: 'wrong-words', finding: 'no-such-finding', reason: '引用原文' };
    expect((await send(id, 'reason', other)).status).toBe(409);
  });
});

describe('the secrecy review', () => {
  test('is made of all its items, by name, for this version', async () => {
    const id = await write('本院举办活动。');
    expect(await page(id)).toContain(words.secrecy.needed);
    const missing = await send(id, 'secrecy', { version: '1', item: secrecyItems[0] });
    expect(missing.status).toBe(400);
    const all = new FormData();
    all.append('version', '1');
    for (const item of secrecyItems) all.append('item', item);
    const answer = await ask(web.address, 'POST', `${pathOf(id)}?/secrecy`, officer.cookie, all);
    expect(answer.status).toBe(200);
    expect(await page(id)).toContain(words.secrecy.valid('officer', 1));
  });
});
