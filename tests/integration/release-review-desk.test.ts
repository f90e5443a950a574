import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../config/access/roles.ts';
import { contentOf } from '../../config/release-content.ts';
import { secrecyItems } from '../../config/release-checks.ts';
import { stageRules, type ReviewStage } from '../../config/review-rules.ts';
import { documentOfText } from '../../publisher/releases/plain.ts';
import type { Actor } from '../../store/actor.ts';
import { giveReason } from '../../store/check-reasons.ts';
import { checkRun } from '../../store/check-runs.ts';
import { createRelease, saveRelease } from '../../store/releases.ts';
import { roundsOf } from '../../store/review-rounds.ts';
import { reviewSecrecy } from '../../store/secrecy-reviews.ts';
import { releaseReviewMessages as words } from '../../web/lib/messages/release-reviews.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import {
  ask,
  makePerson,
  sendForm,
  signIn,
  startTestWeb,
  type Session,
  type TestWeb,
} from '../support/web.ts';

let engines: TestEngines;
let web: TestWeb;
let county: number;
const people: Record<string, Session> = {};

beforeAll(async () => {
  engines = await startTestEngines();
  web = await startTestWeb(engines);
  const { store } = engines;
  const city = await makeOffice(store, 'city', 'municipal');
  county = await makeOffice(store, 'county', 'county', city);
  const staff: [string, number, Role][] = [
    ['writer', county, 'press-officer'],
    ['one', county, 'first-reviewer'],
    ['two', county, 'second-reviewer'],
    ['three', county, 'final-reviewer'],
    ['reader', county, 'analyst'],
    ['above', city, 'final-reviewer'],
  ];
  for (const [name, office, role] of staff) {
    people[name] = await signIn(store, web.address, await makePerson(store, name, office, role));
  }
});
afterAll(async () => {
  await web?.stop();
  await engines?.stop();
});

const who = (name: string): Session => {
  const session = people[name];
  if (!session) throw new Error(`nobody is called ${name}`);
  return session;
};
const page = async (path: string, name: string) =>
  (await ask(web.address, 'GET', path, who(name).cookie)).text;
const send = (path: string, name: string, fields: Record<string, string | string[]>) =>
  sendForm(web.address, who(name), path, fields);
const text = '云州市青石县人民检察院将举办开放日活动。\n欢迎市民参观。';
const writer = (): Actor => ({ id: 'writer', officeId: county, role: 'press-officer', address: null });

async function draft(title: string, details: unknown = {}): Promise<number> {
  const { store } = engines;
  const id = await createRelease(
    store,
    writer(),
    contentOf({ title, document: documentOfText(text), details }),
  );
  await reviewSecrecy(store, writer(), { id, officeId: county, version: 1 }, secrecyItems);
  return id;
}

async function submitted(title: string, details: unknown = {}): Promise<{ id: number; round: string }> {
  const id = await draft(title, details);
  // The texts are alike: why that may be is said by name, as a writer says it.
  await send(`/releases/${id}/checks?/run`, 'writer', { nothing: 'of use' });
  const run = await checkRun(engines.store, id);
  for (const finding of run?.findings ?? []) {
    await giveReason(engines.store, writer(), { id, officeId: county }, finding, '已核对，可以这样写。');
  }
  const sent = await send(`/releases/${id}/review?/submit`, 'writer', { version: '1', note: '' });
  expect(sent.text).toContain(words.start.done);
  const [round] = await roundsOf(engines.store, id);
  return { id, round: String(round?.id) };
}

const pass = ({ id, round }: { id: number; round: string }, name: string, stage: ReviewStage) =>
  send(`/releases/${id}/review?/pass`, name, {
    round,
    stage,
    point: [...stageRules[stage].points],
    note: '',
  });

describe('the page of a release’s reviews', () => {
  test('lets its writer submit it, once the checks have nothing against it', async () => {
    const id = await draft('检察开放日活动公告');
    expect(await page(`/releases/${id}/review`, 'writer')).toContain(words.start.lead);
    expect(await page(`/releases/${id}/review`, 'reader')).not.toContain(words.start.lead);
    const wrong = contentOf({
      title: '检察开放日活动公告',
      document: documentOfText(`${text}\n联系人身份证号 11010519491231002X。`),
    });
    await saveRelease(engines.store, writer(), id, 1, wrong);
    const stale = await send(`/releases/${id}/review?/submit`, 'writer', { version: '1' });
    expect(stale.status).toBe(409);
    const blocked = await send(`/releases/${id}/review?/submit`, 'writer', { version: '2' });
    expect(blocked.status).toBe(409);
    expect(blocked.text).toContain('处问题没有解决');
    expect((await roundsOf(engines.store, id)).length).toBe(0);
  });

  test('shows whose turn it is, and gives only them the points to tick', async () => {
    const release = await submitted('开放日公告之一');
    const path = `/releases/${release.id}/review`;
    const mine = await page(path, 'one');
    expect(mine).toContain(words.decide.title(words.stages.first));
    expect(mine).toContain(words.points.facts);
    expect(await page(path, 'two')).not.toContain(words.points.basis);
    expect(await page(path, 'writer')).toContain(words.progress.takeBack);
    expect((await pass(release, 'reader', 'first')).status).toBe(403);
    expect((await pass(release, 'two', 'first')).status).toBe(409);
    const few = { round: release.round, stage: 'first', point: ['words'] };
    expect((await send(`${path}?/pass`, 'one', few)).text).toContain('逐项核对');
    expect((await pass(release, 'one', 'first')).text).toContain(words.decide.passed);
    expect(await page(path, 'two')).toContain(words.points.basis);
    await pass(release, 'two', 'second');
    expect((await pass(release, 'three', 'final')).text).toContain(words.decide.approved);
    expect(await page(path, 'reader')).toContain(words.rounds.form);
  });

  test('takes a return with its reason back to the writer, with what changed since then at the next round', async () => {
    const release = await submitted('开放日公告之二');
    const path = `/releases/${release.id}/review`;
    const back = { round: release.round, stage: 'first', reason: '请写明开放的时间。' };
    expect((await send(`${path}?/return`, 'one', { ...back, reason: '' })).status).toBe(409);
    expect((await send(`${path}?/return`, 'one', back)).text).toContain(words.decide.returned);
    expect(await page(path, 'writer')).toContain('请写明开放的时间。');
    const changed = contentOf({
      title: '开放日公告之二',
      document: documentOfText(`${text}\n周六上午开放。`),
    });
    await saveRelease(engines.store, writer(), release.id, 1, changed);
    const again = await page(path, 'one');
    expect(again).toContain(words.diff.since(1));
    expect(again).toContain('周六上午开放。</ins>');
  });

  test('keeps comments at their passage, and says when the words are gone', async () => {
    const release = await submitted('开放日公告之三');
    const path = `/releases/${release.id}/review`;
    const comment = { part: 'document', quote: '欢迎市民参观', start: '0', text: '写明预约方式。' };
    expect((await send(`${path}?/comment`, 'reader', comment)).status).toBe(403);
    const strange = await send(`${path}?/comment`, 'one', { ...comment, quote: '没有这句话' });
    expect(strange.text).toContain('没有这段话');
    expect((await send(`${path}?/comment`, 'one', comment)).text).toContain(words.comments.added);
    expect(await page(path, 'writer')).not.toContain(words.comments.moved);
    await saveRelease(
      ...([engines.store, writer(), release.id, 1] as const),
      contentOf({ title: '开放日公告之三', document: documentOfText('正文全部重写。') }),
    );
    const moved = await page(path, 'writer');
    expect(moved).toContain('写明预约方式。');
    expect(moved).toContain(words.comments.moved);
  });

  test('of a sensitive case is there for the office above, too', async () => {
    const release = await submitted('案件办理情况公告', { sensitive: true });
    await pass(release, 'one', 'first');
    await pass(release, 'two', 'second');
    expect(await page(`/releases/${release.id}/review`, 'writer')).toContain('的终审或签发人审核');
    expect(await page('/releases/reviews', 'above')).toContain('案件办理情况公告');
    expect((await pass(release, 'above', 'superior')).status).toBe(200);
    // The county reads their name, whose owner is out of its reach otherwise.
    expect(await page(`/releases/${release.id}/review`, 'writer')).toContain('above');
  });
});

describe('the queue', () => {
  test('lists what waits for somebody, and the navigation counts it', async () => {
    await engines.store.query(
      `with ended as (update review_rounds set state = 'taken-back' where state = 'open' returning release_id)
       update releases set state = 'draft' where id in (select release_id from ended)`,
    );
    expect(await page('/releases/reviews', 'one')).toContain(words.queue.empty);
    await submitted('等待初审的公告');
    expect(await page('/releases/reviews', 'one')).toContain('等待初审的公告');
    expect(await page('/', 'one')).toContain(words.queue.navCount(1));
    expect(await page('/', 'two')).not.toContain(words.queue.navCount(1));
    expect((await ask(web.address, 'GET', '/releases/reviews', who('reader').cookie)).status).toBe(403);
  });
});

describe('the approval form', () => {
  test('is a page and a file, for those who may read the release', async () => {
    const release = await submitted('有审批单的公告');
    await pass(release, 'one', 'first');
    const form = await page(`/releases/reviews/${release.round}`, 'reader');
    expect(form).toContain('有审批单的公告');
    expect(form).toContain('one');
    const file = await fetch(`${web.address}/releases/reviews/${release.round}/pdf`, {
      headers: { cookie: who('reader').cookie },
    });
    expect(file.headers.get('content-type')).toBe('application/pdf');
    expect(
      Buffer.from(await file.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    const missing = await ask(web.address, 'GET', '/releases/reviews/999999/pdf', who('reader').cookie);
    expect(missing.status).toBe(404);
  });
});
