import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checklistOf } from '../../config/sources/approval.ts';
import { sourceMessages } from '../../web/lib/messages/sources.ts';
import { approval, idOf, startSourceDesk, type SourceDesk } from '../support/source-desk.ts';
import { ask, type Fields } from '../support/web.ts';

let desk: SourceDesk;
beforeAll(async () => {
  desk = await startSourceDesk();
});
afterAll(() => desk?.stop());

describe('a source is added', () => {
  test('and runs at once when everything was checked', async () => {
    const id = idOf(
      await desk.send(desk.officer, '/sources/new?/save', { ...desk.feed(), ...approval, then: 'run' }),
    );
    expect(await desk.rowOf(id)).toMatchObject({
      ...{ office_id: desk.offices.city, origin: 'desk', enabled: true, approved_by: '办公室 主任' },
      ...{ added_by: 'officer', interval_seconds: 900, settings: { fullText: 'never' } },
    });
    expect(await desk.isDue(id)).toBe(true);
    expect(await desk.actsOn(id)).toEqual(['source-add']);
  });

  test('not with a point unticked, nor with wrong settings: each fault stands at its line, what was typed stays', async () => {
    const fields = desk.feed({ kind: 'site', 'settings.list.link': 'a[', rest: 'list: {maxPages: 9999}' });
    const sent = { ...fields, ...approval, checked: ['public'], approvedBy: '', then: 'run' };
    const refused = await desk.send(desk.officer, '/sources/new?/save', sent);
    expect(refused.status).toBe(400);
    for (const words of [
      sourceMessages.approval.unticked,
      sourceMessages.form.required,
      'settings.list.link',
      'rest',
      'a[',
      '不是有效的 CSS 选择器',
    ])
      expect(refused.text).toContain(words);
    expect(
      (await desk.send(desk.officer, '/sources/new?/save', desk.feed({ kind: 'nonsense' }))).status,
    ).toBe(400);
  });

  test('waits when nobody approves it; who asked for it as an analyst cannot', async () => {
    const sent = desk.feed();
    expect(
      (await desk.send(desk.analyst, '/sources/new?/save', { ...sent, ...approval, then: 'run' })).status,
    ).toBe(403);
    const id = idOf(
      await desk.send(desk.analyst, '/sources/new?/save', { ...sent, ...approval, then: 'wait' }),
    );
    expect(await desk.rowOf(id)).toMatchObject({
      enabled: false,
      approved_by: null,
      impact_note: approval.impactNote,
    });
    expect(await desk.isDue(id)).toBe(false);
    expect((await ask(desk.web.address, 'GET', '/sources', desk.leader.cookie)).text).toContain(
      sourceMessages.waiting.title(1),
    );
    const approve = `/sources/${id}/approve`;
    const tried = await desk.look(desk.leader, {}, `${approve}/look`);
    const shown = tried.find((line) => line.say === 'trial')?.items ?? [];
    expect(shown.map(({ outlet }) => outlet)).toEqual(Array(10).fill(sent['name']));
    expect((await desk.send(desk.analyst, approve, approval)).status).toBe(403);
    expect((await desk.send(desk.leader, approve, { ...approval, checked: ['robots'] })).status).toBe(400);
    expect((await desk.send(desk.leader, approve, approval)).status).toBe(303);
    expect(await desk.isDue(id)).toBe(true);
    expect(await desk.actsOn(id)).toEqual(['source-add', 'source-approve']);
  });

  test('once for each address of an office', async () => {
    const sent: Fields = { ...desk.feed(), then: 'wait' };
    expect((await desk.send(desk.officer, '/sources/new?/save', sent)).status).toBe(303);
    const again = await desk.send(desk.officer, '/sources/new?/save', { ...sent, name: '又一个' });
    expect(again.status).toBe(409);
    expect(again.text).toContain(sourceMessages.form.duplicate(String(sent['name'])));
  });

  test('by its kind, where there is no address; its secret can be written and never read', async () => {
    const sent = {
      kind: 'weibo',
      name: '本院微博',
      'settings.uid': '1234567890',
      'settings.read': ['mentions'],
    };
    const id = idOf(await desk.send(desk.officer, '/sources/new?/save', { ...sent, then: 'wait' }));
    expect(await desk.rowOf(id)).toMatchObject({
      url: null,
      settings: { uid: '1234567890', read: ['mentions'] },
    });
    const edit = `/sources/${id}/edit`;
    const secret = { name: 'access-token', value: 'token-of-the-office' };
    expect((await desk.send(desk.officer, `${edit}?/secret`, { ...secret, name: 'other' })).status).toBe(400);
    expect((await desk.send(desk.officer, `${edit}?/secret`, secret)).status).toBe(200);
    const page = await ask(desk.web.address, 'GET', edit, desk.officer.cookie);
    expect(page.text).toContain(sourceMessages.edit.secretSet);
    expect(page.text).not.toContain(secret.value);
    expect(await desk.actsOn(id)).toEqual(['source-add', 'source-secret-set']);
  });
});

describe('a source is changed', () => {
  test('and keeps its approval while it reads the same site', async () => {
    const sent = desk.feed();
    const id = idOf(
      await desk.send(desk.officer, '/sources/new?/save', { ...sent, ...approval, then: 'run' }),
    );
    const changed = { ...sent, name: '改了名', intervalSeconds: '7200', key: 'own-key' };
    expect((await desk.send(desk.analyst, `/sources/${id}/edit?/save`, changed)).status).toBe(303);
    expect(await desk.rowOf(id)).toMatchObject({
      name: '改了名',
      key: 'own-key',
      interval_seconds: 7200,
      enabled: true,
    });
    const elsewhere = { ...changed, url: 'https://other.example.com/rss' };
    expect((await desk.send(desk.analyst, `/sources/${id}/edit?/save`, elsewhere)).location).toContain(
      '/approve',
    );
    expect(await desk.rowOf(id)).toMatchObject({ enabled: false, approved_by: null, checked: [] });
  });

  test('and loses its approval and its secrets when somebody else is asked from now on', async () => {
    const sent = { kind: 'weibo', name: '搬走的账号', 'settings.uid': '987654321' };
    const points = { checked: checklistOf('weibo') };
    const made = await desk.send(desk.officer, '/sources/new?/save', {
      ...sent,
      ...approval,
      ...points,
      then: 'run',
    });
    const id = idOf(made);
    expect(made.location).toContain('/edit');
    await desk.send(desk.officer, `/sources/${id}/edit?/secret`, { name: 'access-token', value: 'token' });
    const kept = () => desk.engines.store.query('select from source_secrets where source_id = $1', [id]);
    await desk.send(desk.analyst, `/sources/${id}/edit?/save`, { ...sent, name: '只改名' });
    expect(await desk.rowOf(id)).toMatchObject({ enabled: true });
    expect((await kept()).rowCount).toBe(1);
    const elsewhere = { ...sent, rest: 'endpoint: https://elsewhere.example.com' };
    await desk.send(desk.analyst, `/sources/${id}/edit?/save`, elsewhere);
    expect(await desk.rowOf(id)).toMatchObject({ enabled: false, approved_by: null });
    expect((await kept()).rowCount).toBe(0);
  });

  test('with a fault at its line; one of hub.yaml not at all', async () => {
    const sent = desk.feed();
    const id = idOf(
      await desk.send(desk.officer, '/sources/new?/save', { ...sent, ...approval, then: 'run' }),
    );
    const wrong = { ...sent, intervalSeconds: '86400', longestIntervalSeconds: '3600' };
    const refused = await desk.send(desk.officer, `/sources/${id}/edit?/save`, wrong);
    expect(refused.text).toContain(sourceMessages.form.longestShorter);
    await desk.engines.store.query(`update sources set origin = 'file' where id = $1`, [id]);
    expect((await desk.send(desk.officer, `/sources/${id}/edit?/save`, sent)).status).toBe(409);
    expect((await ask(desk.web.address, 'GET', `/sources/${id}/edit`, desk.officer.cookie)).text).toContain(
      'hub.yaml',
    );
  });
});

describe('crawling is stopped', () => {
  test('for one source, with a reason, and resumed', async () => {
    const id = idOf(
      await desk.send(desk.officer, '/sources/new?/save', { ...desk.feed(), ...approval, then: 'run' }),
    );
    expect((await desk.send(desk.analyst, `/sources/${id}/stop?/stop`, { reason: '' })).status).toBe(409);
    expect(
      (await desk.send(desk.analyst, `/sources/${id}/stop?/stop`, { reason: '对方网站在维护' })).status,
    ).toBe(303);
    expect(await desk.isDue(id)).toBe(false);
    expect((await ask(desk.web.address, 'GET', '/sources/stops', desk.boss.cookie)).text).toContain(
      '对方网站在维护',
    );
    expect((await desk.send(desk.boss, '/sources/stops?/resumeSource', { id: String(id) })).status).toBe(200);
    expect(await desk.isDue(id)).toBe(true);
    expect(await desk.actsOn(id)).toEqual(['source-add', 'source-stop', 'source-resume']);
  });

  test('for all below an office, and those below cannot undo it', async () => {
    expect(
      (await desk.send(desk.boss, '/sources/stops?/stop', { what: 'all', reason: '上级要求' })).status,
    ).toBe(200);
    expect((await ask(desk.web.address, 'GET', '/sources', desk.officer.cookie)).text).toContain('上级要求');
    const [stop] = (
      await desk.engines.store.query<{ id: number }>('select id from crawl_stops where ended_at is null')
    ).rows;
    const id = String(stop?.id);
    const refused = await desk.send(desk.officer, '/sources/stops?/resume', { id });
    expect(refused).toMatchObject({ status: 409 });
    expect(refused.text).toContain(sourceMessages.stops.above);
    expect((await desk.send(desk.boss, '/sources/stops?/resume', { id })).status).toBe(200);
    expect((await desk.send(desk.boss, '/sources/stops?/resume', { id })).status).toBe(409);
  });
});
