import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../config/access/roles.ts';
import { manageMessages } from '../../web/lib/messages/manage.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import {
  ask,
  makePerson,
  sendForm,
  signIn,
  startTestWeb,
  type Fields,
  type Session,
  type TestWeb,
} from '../support/web.ts';

let engines: TestEngines;
let web: TestWeb;
const offices = {} as Record<'province' | 'city' | 'county' | 'other', number>;

beforeAll(async () => {
  engines = await startTestEngines();
  web = await startTestWeb(engines);
  const { store } = engines;
  offices.province = await makeOffice(store, 'province', 'provincial');
  offices.city = await makeOffice(store, 'city', 'municipal', offices.province);
  offices.county = await makeOffice(store, 'county', 'county', offices.city);
  offices.other = await makeOffice(store, 'other', 'municipal', offices.province);
});
afterAll(async () => {
  await web?.stop();
  await engines?.stop();
});

async function enter(name: string, place: keyof typeof offices, role: Role | null): Promise<Session> {
  return signIn(engines.store, web.address, await makePerson(engines.store, name, offices[place], role));
}
const send = (session: Session, path: string, fields: Fields) => sendForm(web.address, session, path, fields);
const status = async (session: Session, path: string) =>
  (await ask(web.address, 'GET', path, session.cookie)).status;

describe('in the middle of a session', () => {
  test('a role that is revoked, or given, counts from the next request on', async () => {
    const security = await enter('guard', 'province', 'security-administrator');
    const officer = await enter('officer', 'city', 'press-officer');
    expect(await status(officer, '/releases/new')).toBe(200);
    const grants = await engines.store.query<{ id: number }>(
      `select id from role_grants where person_id = 'officer'`,
    );
    const revoked = await send(security, '/manage/people/officer?/revoke', {
      grant: String(grants.rows[0]?.id),
    });
    expect(revoked).toMatchObject({ status: 200 });
    expect(await status(officer, '/releases/new')).toBe(403);
    await send(security, '/manage/people/officer?/grant', {
      role: 'press-officer',
      office: String(offices.city),
    });
    expect(await status(officer, '/releases/new')).toBe(200);
  });

  test('an office that is moved is out of reach of those who had it, with the next request', async () => {
    const top = await enter('top', 'province', 'system-administrator');
    const city = await enter('city-admin', 'city', 'system-administrator');
    const page = `/manage/offices/${offices.county}`;
    expect(await status(city, page)).toBe(200);
    expect((await send(top, `${page}?/move`, { parent: String(offices.other) })).status).toBe(200);
    expect(await status(city, page)).toBe(404);
    expect((await send(city, `${page}?/rename`, { name: '抢回来的院' })).status).toBe(404);
    expect((await send(city, `${page}?/move`, { parent: String(offices.city) })).status).toBe(404);
    await send(top, `${page}?/move`, { parent: String(offices.city) });
    expect(await status(city, page)).toBe(200);
  });

  test('an account that is closed is out, and comes in again with a new link only when it is opened', async () => {
    const admin = await enter('closer', 'province', 'system-administrator');
    const leaver = await enter('leaver', 'city', 'leader');
    expect(await status(leaver, '/account')).toBe(200);
    await send(admin, '/manage/people/leaver?/disable', {});
    expect((await ask(web.address, 'GET', '/account', leaver.cookie)).location).toMatch(/^\/sign-in/);
    expect(await send(admin, '/manage/people/leaver?/invite', {})).toMatchObject({ status: 409 });
    await send(admin, '/manage/people/leaver?/enable', {});
    const invited = await send(admin, '/manage/people/leaver?/invite', {});
    const [link] = /http:[^"\\]*\/invitation\/[\w-]+/.exec(invited.text) ?? [''];
    expect(await status(leaver, new URL(link).pathname)).toBe(200);
  });
});

describe('a municipal administrator', () => {
  test('takes a role in their office back from somebody of another office, and none elsewhere', async () => {
    const guard = await enter('city-guard', 'city', 'security-administrator');
    await makePerson(engines.store, 'visitor', offices.other, 'analyst');
    const made = await engines.store.query<{ id: number }>(
      `insert into role_grants (office_id, person_id, role, kind, granted_by)
       values ($1, 'visitor', 'analyst', 'holder', 'test') returning id`,
      [offices.city],
    );
    const elsewhere = await engines.store.query<{ id: number }>(
      `select id from role_grants where person_id = 'visitor' and office_id = $1`,
      [offices.other],
    );
    const revoke = (id: number | undefined) => send(guard, '/manage/roles?/revoke', { grant: String(id) });
    expect((await revoke(made.rows[0]?.id)).status).toBe(200);
    expect((await revoke(made.rows[0]?.id)).status).toBe(409);
    expect((await revoke(elsewhere.rows[0]?.id)).status).toBe(404);
  });

  test('gets 404 for a sibling’s people and offices, whatever they ask', async () => {
    const admin = await enter('municipal', 'city', 'system-administrator');
    const guard = await enter('municipal-guard', 'city', 'security-administrator');
    await makePerson(engines.store, 'sibling', offices.other, 'leader');
    expect(await status(admin, '/manage/people/sibling')).toBe(404);
    for (const action of ['details', 'invite', 'move', 'disable', 'enable']) {
      expect((await send(admin, `/manage/people/sibling?/${action}`, {})).status, action).toBe(404);
    }
    for (const action of ['grant', 'revoke']) {
      expect((await send(guard, `/manage/people/sibling?/${action}`, {})).status, action).toBe(404);
    }
    expect(await status(admin, `/manage/offices/${offices.other}`)).toBe(404);
    expect(await status(admin, `/manage/offices?at=${offices.province}`)).toBe(404);
    expect(await status(admin, `/manage/people?office=${offices.other}`)).toBe(404);
    const list = await ask(web.address, 'GET', '/manage/people/export', admin.cookie);
    expect(list.text).toContain('municipal@');
    expect(list.text).not.toContain('sibling');
    const found = await ask(web.address, 'GET', '/manage/offices/find?q=other', admin.cookie);
    expect(JSON.parse(found.text)).toEqual([]);
  });

  test('begins at a page of their own', async () => {
    for (const [role, page] of [
      ['system-administrator', '/manage/people'],
      ['security-administrator', '/manage/roles'],
      ['audit-administrator', '/manage/audit'],
      [null, '/account'],
    ] as const) {
      const session = await enter(`begins-${role}`, 'city', role);
      expect((await ask(web.address, 'GET', '/', session.cookie)).location).toBe(page);
      expect(await status(session, page)).toBe(200);
    }
  });
});

describe('a list of offices', () => {
  const list = (...lines: string[]) => new Blob([['代码,名称,级别,上级', ...lines].join('\n')]);

  test('is shown, and then applied', async () => {
    const admin = await enter('importer', 'province', 'system-administrator');
    const file = list('imported,导入县人民检察院,县级,city');
    const shown = await send(admin, '/manage/offices/import?/preview', { file });
    expect(shown.text).toContain('导入县人民检察院');
    const [hash = ''] = /[0-9a-f]{64}/.exec(shown.text) ?? [];
    const sent = { list: 'code,name,level,parent\nimported,导入县人民检察院,county,city\n', hash };
    expect(
      (await send(admin, '/manage/offices/import?/apply', { ...sent, hash: 'f'.repeat(64) })).status,
    ).toBe(409);
    expect((await send(admin, '/manage/offices/import?/apply', sent)).status).toBe(200);
    const export_ = await ask(web.address, 'GET', '/manage/offices/export', admin.cookie);
    expect(export_.text).toContain('imported,导入县人民检察院,县级,city,在用');
    const logged = await engines.store.query<{ action: string }>(
      `select action from audit_entries where actor = 'importer' and action <> 'sign-in' order by seq`,
    );
    expect(logged.rows.map(({ action }) => action)).toEqual(['office-import', 'office-export']);
  });

  test('of 10 MB of garbage is refused in words, and the pages go on', async () => {
    const admin = await enter('garbage', 'province', 'system-administrator');
    const file = new Blob([crypto.getRandomValues(new Uint8Array(65_536)), new Uint8Array(10 * 2 ** 20)]);
    const answer = await send(admin, '/manage/offices/import?/preview', { file });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(manageMessages.tree.fileTooBig);
    const small = await send(admin, '/manage/offices/import?/preview', {
      file: file.slice(0, 5 * 2 ** 20 - 10),
    });
    expect(small).toMatchObject({ status: 409 });
    expect(small.text).toContain('CSV');
    expect(await status(admin, '/manage/offices')).toBe(200);
  });
});

test('a list of people gives each of them a link of their own', async () => {
  const admin = await enter('inviter', 'city', 'system-administrator');
  const file = new Blob(['姓名,邮箱,单位代码\n周五,zhou5@example.com,city\n吴六,wu6@example.com,county\n']);
  const shown = await send(admin, '/manage/people/import?/preview', { file });
  expect(shown.text).toContain('zhou5@example.com');
  const list = 'name,email,office\n周五,zhou5@example.com,city\n吴六,wu6@example.com,county\n';
  const made = await send(admin, '/manage/people/import?/apply', { list });
  const links = made.text.match(/http:[^",\\]*\/invitation\/[\w-]+/g) ?? [];
  expect(new Set(links).size).toBe(2);
  for (const link of links) {
    const { pathname } = new URL(link);
    expect((await ask(web.address, 'GET', pathname, null)).status).toBe(200);
  }
});

test('a name that a spreadsheet would run leaves with a quote before it', async () => {
  const admin = await enter('exporter', 'province', 'system-administrator');
  await engines.store.query(`update people set name = '=HYPERLINK("http://x","y")' where id = 'exporter'`);
  const { text } = await ask(web.address, 'GET', '/manage/people/export', admin.cookie);
  expect(text).toContain(`"'=HYPERLINK(""http://x"",""y"")"`);
});
