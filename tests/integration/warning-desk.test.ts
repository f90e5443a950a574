import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentOf } from '../../config/release-content.ts';
import { documentOfText } from '../../publisher/releases/plain.ts';
import { scheduleMessages } from '../../web/lib/messages/schedule.ts';
import { warningMessages as words } from '../../web/lib/messages/warnings.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { makeSource } from '../support/posts.ts';
import { ask, makePerson, signIn, startTestWeb, type Session, type TestWeb } from '../support/web.ts';
import { suggest } from '../support/warnings.ts';

let engines: TestEngines;
let web: TestWeb;
let city: number;
let county: number;
let leader: Session;
let officer: Session;
let below: Session;

beforeAll(async () => {
  engines = await startTestEngines();
  web = await startTestWeb(engines);
  const { store } = engines;
  const province = await makeOffice(store, 'province', 'provincial');
  city = await makeOffice(store, 'city', 'municipal', province);
  county = await makeOffice(store, 'county', 'county', city);
  const sign = async (name: string, office: number, role: 'leader' | 'press-officer') =>
    signIn(store, web.address, await makePerson(store, name, office, role));
  leader = await sign('leader', city, 'leader');
  officer = await sign('officer', city, 'press-officer');
  below = await sign('below', county, 'leader');
});
afterAll(async () => {
  await web?.stop();
  await engines?.stop();
});

const page = async (path: string, who: Session = leader) =>
  (await ask(web.address, 'GET', path, who.cookie)).text;
const send = (path: string, fields: Record<string, string>, who: Session = leader) =>
  ask(web.address, 'POST', path, who.cookie, fields);
const stateOf = async (id: number) => {
  const found = await engines.store.query<{ state: string }>('select state from warnings where id = $1', [
    id,
  ]);
  return found.rows[0]?.state;
};

describe('the board', () => {
  test('without a source says so, on a quiet day is quiet, and on a blind day says that nothing can be seen', async () => {
    expect(await page('/warnings')).toContain(words.board.noSources);
    const source = await makeSource(engines.store, city, 'feed');
    const quiet = await page('/warnings');
    expect(quiet).toContain(words.board.quiet);
    expect(quiet).not.toContain(words.board.blind);
    // After a week of collecting the program knows what is usual.
    expect(quiet).toContain(words.board.quietLearning);
    await engines.store.query(
      `insert into pulse (office_id, hour, source_id, sentiment, posts, copies)
       values ($1, date_trunc('hour', now() - interval '8 days'), $2, 'neutral', 1, 0)`,
      [city, source.id],
    );
    expect(await page('/warnings')).toContain(words.board.quietHint);
    await engines.store.query(
      `insert into gaps (office_id, source_id, began_at, reason) values ($1, $2, now() - interval '1 hour', 'http')`,
      [city, source.id],
    );
    const blind = await page('/warnings');
    expect(blind).toContain(words.board.blind);
    expect(blind).not.toContain(words.board.quietHint);
    await makeSource(engines.store, city, 'second');
    const partly = await page('/warnings');
    expect(partly).toContain(words.board.partBlind(1, 2));
    expect(partly).toContain(words.board.quietBut);
    await engines.store.query('update gaps set ended_at = now()');
  });

  test('does not look calm while nobody goes through the rules, nor while posts wait to be grouped', async () => {
    const { store } = engines;
    await store.query(
      `insert into judgings (office_id, judged_at) values ($1, now() - interval '6 minutes')`,
      [city],
    );
    for (const path of ['/warnings', '/']) {
      expect(await page(path)).toMatch(/预警评估中断，自 \d{4}-\d\d-\d\d \d\d:\d\d 起未更新/);
      expect(await page(path, below)).not.toContain('预警评估中断');
    }
    const stopped = await page('/warnings');
    expect(stopped).not.toContain(words.board.quiet);
    // The county below is judged: of both together not everything is seen, of the city alone nothing.
    expect(stopped).toContain(`${words.board.among(['city'])}预警评估中断`);
    expect(stopped).toContain(words.board.partlySeen);
    expect(stopped).not.toContain(words.board.unseen);
    const alone = await page('/warnings?only=1');
    expect(alone).toContain(words.board.unseen);
    expect(alone).not.toContain(words.board.among(['city']));
    await store.query('update judgings set judged_at = now()');
    expect(await page('/warnings')).toContain(words.board.quiet);
    await store.query(
      `insert into grouping_backlog (office_id, made_at) values ($1, now() - interval '16 minutes')`,
      [city],
    );
    const behind = await page('/warnings');
    expect(behind).toContain('尚未归入关切');
    expect(behind).not.toContain(words.board.quietHint);
    expect(await page('/')).toContain('尚未归入关切');
    await store.query('delete from grouping_backlog');
  });

  test('shows what is open with its numbers, also in the navigation and on the overview', async () => {
    const id = await suggest(engines.store, city, 'orange', new Date(), { title: '校园食堂' });
    const board = await page('/warnings');
    expect(board).toContain('校园食堂');
    expect(board).toContain('近 1 小时 58 条，平时 5 条；负面 72%。');
    expect(board).toContain(words.navCount(1));
    expect(await page('/')).toContain(`/warnings/${id}`);
    expect(await page(`/warnings/${id}`)).toContain('近 1 小时的帖文达到平时的 4 倍以上');
    expect(await page('/warnings?state=active')).toContain(words.board.noneSo);
    expect(await page('/warnings', below)).not.toContain('校园食堂');
  });
});

describe('the page of a warning', () => {
  test('takes it through its life, and says in words why an act is refused', async () => {
    const id = await suggest(engines.store, city, 'yellow', new Date(), { title: '拆迁补偿' });
    const act = (name: string, version: number, fields: Record<string, string> = {}) =>
      send(`/warnings/${id}?/${name}`, { version: String(version), ...fields });
    expect((await act('confirm', 1, { level: 'red', reason: '' })).text).toContain('请写明理由');
    expect((await act('confirm', 1, { level: 'yellow', reason: '' })).text).toContain(words.done.confirm);
    expect((await act('handle', 1)).text).toContain('刚刚被别人处理过');
    expect((await act('handle', 2, { note: '' })).text).toContain(words.done.handle);
    expect((await act('answer', 3, { release: '', note: '' })).text).toContain('请选择已发布的稿件');
    expect((await act('answer', 3, { release: '', note: '已当面答复' })).text).toContain(words.done.answer);
    expect((await act('assess', 4, { text: '已回落' })).text).toContain(words.done.assess);
    expect((await act('lift', 5, { reason: '已平息' })).text).toContain(words.done.lift);
    expect(await stateOf(id)).toBe('lifted');
    expect(await page('/warnings/archive?q=拆迁')).toContain(`/warnings/${id}`);
    expect(await page('/warnings/archive?q=没有这样的')).toContain(words.archivePage.noneFound);
  });

  test('is not there for an office that it does not belong to, and changes nothing from there', async () => {
    const id = await suggest(engines.store, city, 'blue', new Date());
    expect((await ask(web.address, 'GET', `/warnings/${id}`, below.cookie)).status).toBe(404);
    await send(`/warnings/${id}?/dismiss`, { version: '1', reason: '不是' }, below);
    expect(await stateOf(id)).toBe('suggested');
  });

  test('sends an order below, whose leader finds and answers it', async () => {
    const id = await suggest(engines.store, city, 'orange', new Date(), { title: '河道排污' });
    const order = {
      office: String(county),
      'office-text': '',
      text: '核实河道情况',
      due: '2099-01-01T09:00',
    };
    expect((await send(`/warnings/${id}?/order`, order)).text).toContain('最长 90 天');
    const due = new Date(Date.now() + 32 * 3_600_000).toISOString().slice(0, 16);
    expect((await send(`/warnings/${id}?/order`, { ...order, due })).text).toContain(words.done.order);
    expect(await page('/warnings', below)).toContain(words.board.ordersTitle(1));
    expect(await page('/warnings/orders', below)).toContain('核实河道情况');
    const made = await engines.store.query<{ id: number }>('select id from supervision_orders');
    const answer = { order: String(made.rows[0]?.id), answer: '已到现场核实' };
    expect((await send('/warnings/orders?/answer', answer)).text).toContain('404');
    expect((await send('/warnings/orders?/answer', answer, below)).text).toContain(words.done.answerOrder);
    expect(await page(`/warnings/${id}`)).toContain('已到现场核实');
  });
});

test('a held release stands on the board, on its warning and among the releases, and is let go with one click', async () => {
  const release = await engines.store.query<{ id: number }>(
    `insert into releases (office_id, title, state, created_by) values ($1, '检察开放日', 'scheduled', 'officer')
     returning id`,
    [city],
  );
  const delivery = await engines.store.query<{ id: number }>(
    `with account as (
       insert into channel_accounts (office_id, channel, name, external_id) values ($1, 'website', '网站', '') returning id
     )
     insert into deliveries (office_id, release_id, channel, account_id, due_at, next_at, content)
     select $1, $2, 'website', id, now() + interval '1 day', now() + interval '1 day', $3 from account returning id`,
    [city, release.rows[0]?.id, contentOf({ title: '检察开放日', document: documentOfText('欢迎') })],
  );
  const id = await suggest(engines.store, city, 'red', new Date(), { title: '突发事件' });
  for (const path of ['/warnings', `/warnings/${id}`, '/warnings/held', '/releases']) {
    expect(await page(path, officer), path).toContain('检察开放日');
  }
  expect(await page(`/releases/${release.rows[0]?.id}/schedule`, officer)).toContain(scheduleMessages.held);
  const fields = { delivery: String(delivery.rows[0]?.id), when: 'due', at: '' };
  expect((await send('/warnings/held?/release', fields, officer)).text).toContain(words.done.released);
  expect((await send('/warnings/held?/release', fields, officer)).text).toContain('已不在暂缓之列');
  expect(await page('/warnings/held', officer)).toContain(words.held.none);
});

test('what a level means is changed by its office, whole or not at all', async () => {
  const level = {
    level: 'blue',
    version: '0',
    shows: '零星反映',
    tier: '本单位',
    measures: '答复',
    procedure: '确认',
  };
  const form = { ...level, reporting: '当日', respond: '24', press: '' };
  expect((await send('/warnings/levels?/save', { ...form, respond: '1.5' })).text).toContain(
    words.levelPage.wrong,
  );
  expect((await send('/warnings/levels?/save', { ...form, tier: ' ' })).text).toContain(
    words.levelPage.wrong,
  );
  expect((await send('/warnings/levels?/save', form)).text).toContain(words.done.levelSaved);
  expect((await send('/warnings/levels?/save', form)).text).toContain('刚刚被别人改过');
  expect(await page('/warnings/levels')).toContain('零星反映');
  expect(await page('/warnings/levels', below)).not.toContain('零星反映');
});
