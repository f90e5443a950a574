import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ingest } from '../../indexer/ingest.ts';
import { watchMessages } from '../../web/lib/messages/watches.ts';
import type { TrialLine } from '../../web/lib/watch-line.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { draft, makeSource } from '../support/posts.ts';
import { ask, makePerson, signIn, startTestWeb, type Session, type TestWeb } from '../support/web.ts';

let engines: TestEngines;
let web: TestWeb;
let city: number;
let county: number;
let other: number;
let officer: Session;

beforeAll(async () => {
  engines = await startTestEngines();
  web = await startTestWeb(engines);
  const { store } = engines;
  const province = await makeOffice(store, 'province', 'provincial');
  city = await makeOffice(store, 'city', 'municipal', province);
  county = await makeOffice(store, 'county', 'county', city);
  other = await makeOffice(store, 'other', 'municipal', province);
  for (const office of [city, county, other]) {
    const source = await makeSource(store, office, `feed-${office}`);
    const posts = Array.from({ length: 600 }, (_, n) => {
      const text = n % 3 === 0 ? `第${n}次说：學校食堂的肉變質了` : `第${n}次说：公园里的花开了`;
      return draft(`${office}-${n}`, { title: null, text, publishedAt: Date.now() - n * 1_000 });
    });
    await ingest(store, source, posts, Date.now());
  }
  officer = await signIn(store, web.address, await makePerson(store, 'officer', city, 'press-officer'));
});
afterAll(async () => {
  await web?.stop();
  await engines?.stop();
});

async function tried(fields: Record<string, string>): Promise<TrialLine[]> {
  const { text } = await ask(web.address, 'POST', '/watches/try', officer.cookie, fields);
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as TrialLine);
}

describe('a query is tried before it is saved', () => {
  test('on the posts of its office and those below, page by page, with the words marked', async () => {
    const lines = await tried({ query: '食堂 变质', office: String(city) });
    expect(lines[0]).toEqual({ say: 'checked', fault: null });
    expect(lines.filter(({ say }) => say === 'progress').length).toBeGreaterThan(1);
    const found = lines.at(-1);
    expect(found).toMatchObject({ say: 'found', scanned: 1_200, matched: 400, since: null });
    if (found?.say !== 'found') throw new Error('the last line is what was found');
    expect(found.hits).toHaveLength(10);
    // Marked in the characters of the post, not in those that it was compared by.
    expect(found.hits[0]?.text.filter(({ hit }) => hit).map(({ text }) => text)).toEqual(['食堂', '變質']);
  });

  test('on those of an office below alone; of one that is out of reach there are none', async () => {
    const below = await tried({ query: '食堂', office: String(county) });
    expect(below.at(-1)).toMatchObject({ scanned: 600, matched: 200 });
    const beside = await tried({ query: '食堂', office: String(other) });
    expect(beside.at(-1)).toMatchObject({ scanned: 0, matched: 0, hits: [] });
  });

  test('when nothing is wrong with it; else its column is said, and no post is read', async () => {
    const lines = await tried({ query: '食堂 (变质', office: String(city) });
    expect(lines).toMatchObject([{ say: 'checked', fault: { column: 4 } }]);
    expect(await tried({ query: '食堂 王建国' })).toMatchObject([{ say: 'checked', fault: { column: 4 } }]);
    expect(await tried({ query: '食堂' })).toEqual([{ say: 'checked', fault: null }]);
  });
});

describe('the form of a watch', () => {
  const send = (fields: Record<string, string>, path = '/watches/new?/save') =>
    ask(web.address, 'POST', path, officer.cookie, fields);
  const good = { name: '校园食堂', subjectKind: 'issue', subject: '食品安全', query: '食堂 变质' };

  test.each([
    ['no name', { name: ' ' }, watchMessages.form.noName],
    ['a person as its name', { name: '王建国' }, '王建国'],
    ['a name without end', { name: '很'.repeat(41) }, watchMessages.form.longName],
    ['no kind of subject', { subjectKind: 'person' }, watchMessages.form.noKind],
    ['a number as its subject', { subject: '13800138000' }, '个人信息'],
    ['a query that only excludes', { query: '-食堂' }, '第 1 列'],
  ])('with %s is not saved, and says why', async (_, change, says) => {
    const { text } = await send({ ...good, ...change });
    expect(text).toContain('"status":400');
    expect(text).toContain(says);
    expect((await engines.store.query('select from watches')).rowCount).toBe(0);
  });

  test('for an office where the person holds no role is not saved', async () => {
    const { text } = await send({ ...good, office: String(county) });
    expect(text).toContain(watchMessages.form.noOffice);
  });

  test('in order makes a watch; a second one of its name is refused', async () => {
    const { text } = await send(good);
    const id = Number(/\/watches\/(\d+)/u.exec(text)?.[1]);
    const page = await ask(web.address, 'GET', `/watches/${id}`, officer.cookie);
    expect(page.text).toContain('校园食堂');
    expect((await send(good)).text).toContain('同名');
    const stale = await send({ ...good, query: '食堂', version: '9' }, `/watches/${id}?/save`);
    expect(stale.text).toContain('刚刚被别人改过');
  });
});
