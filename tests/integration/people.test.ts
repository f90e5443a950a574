import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../config/access/roles.ts';
import type { Actor } from '../../store/actor.ts';
import { moveOffice } from '../../store/office-changes.ts';
import { importPeople, planPeople } from '../../store/people-import.ts';
import { countPeople, listPeople, personById } from '../../store/people-list.ts';
import {
  changePerson,
  createPerson,
  disablePerson,
  enablePerson,
  movePerson,
} from '../../store/person-changes.ts';
import { grantRole, listGrants, revokeRole, type NewGrant } from '../../store/role-grants.ts';
import { scoped, type Scope } from '../../store/scope.ts';
import { makeOffice } from '../support/offices.ts';
import { startStaff, type Place, type Staff } from '../support/staff.ts';

let staff: Staff;
let engines: Staff['engines'];
let offices: Staff['offices'];
beforeAll(async () => {
  staff = await startStaff();
  ({ engines, offices } = staff);
});
afterAll(() => staff.stop());

describe('the system administrator', () => {
  test('makes, changes, moves and closes accounts of their tree', async () => {
    const { db, actor } = await staff.system('city');
    const id = await createPerson(db, actor, offices.county, {
      name: ' 王　小明 ',
      email: 'Wang@Example.com ',
    });
    expect(await personById(db, id)).toMatchObject({
      ...{ name: '王 小明', email: 'wang@example.com', officeId: offices.county, disabledAt: null },
    });
    await changePerson(db, actor, id, { name: '王小明', email: 'wxm@example.com' });
    await movePerson(db, actor, id, offices.city, []);
    await disablePerson(db, actor, id);
    expect((await personById(db, id))?.disabledAt).toBeInstanceOf(Date);
    await enablePerson(db, actor, id);
    const log = await engines.store.query<{ action: string }>(
      'select action from audit_entries where subject = $1 order by seq',
      [`person:${id}`],
    );
    expect(log.rows.map(({ action }) => action)).toEqual([
      ...['person-create', 'person-change', 'person-move', 'person-disable', 'person-enable'],
    ]);
  });

  test('does not reach a sibling’s people, nor moves anybody there', async () => {
    const theirs = await staff.person('other');
    const ours = await staff.person('city');
    const { db, actor } = await staff.system('city');
    const gone = { code: 'person-gone' };
    expect(await personById(db, theirs)).toBeNull();
    await expect(disablePerson(db, actor, theirs)).rejects.toMatchObject(gone);
    await expect(
      changePerson(db, actor, theirs, { name: 'x', email: 'x@example.com' }),
    ).rejects.toMatchObject(gone);
    await expect(movePerson(db, actor, theirs, offices.city, [])).rejects.toMatchObject(gone);
    const outside = { code: 'office-out-of-scope' };
    await expect(movePerson(db, actor, ours, offices.other, [])).rejects.toMatchObject(outside);
    await expect(
      createPerson(db, actor, offices.other, { name: 'x', email: 'new@example.com' }),
    ).rejects.toMatchObject(outside);
  });

  test('is told what is wrong with a name or an address', async () => {
    const { db, actor } = await staff.system('city');
    const taken = { name: '另一个人', email: `${await staff.person('other')}@example.com` };
    await expect(createPerson(db, actor, offices.city, taken)).rejects.toMatchObject({ code: 'email-taken' });
    for (const typed of [
      { name: '', email: 'a@example.com' },
      { name: '长'.repeat(41), email: 'a@example.com' },
      { name: '反\u202e向', email: 'a@example.com' },
      { name: '人', email: 'not an address' },
      { name: '人', email: `${'a'.repeat(250)}@example.com` },
    ]) {
      await expect(createPerson(db, actor, offices.city, typed)).rejects.toMatchObject({
        code: 'person-details',
      });
    }
  });

  test('moves somebody with just the roles ending that were shown', async () => {
    const id = await staff.person('city', 'press-officer', 'responder');
    const { db, actor } = await staff.system('province');
    await expect(movePerson(db, actor, id, offices.other, [])).rejects.toMatchObject({
      code: 'roles-changed',
    });
    expect(await staff.held(id)).toEqual(['press-officer', 'responder']);
    await movePerson(db, actor, id, offices.other, await staff.grantIds(id));
    expect(await staff.held(id)).toEqual([]);
  });

  test('cannot close or move their own account', async () => {
    const id = await staff.person('city', 'system-administrator');
    const { db, actor } = await staff.system('city', id);
    await expect(disablePerson(db, actor, id)).rejects.toMatchObject({ code: 'own-account' });
    await expect(movePerson(db, actor, id, offices.county, [])).rejects.toMatchObject({
      code: 'own-account',
    });
  });
});

describe('the security administrator', () => {
  const grant = (personId: string, place: Place, role: Role): NewGrant => ({
    ...{ personId, officeId: offices[place], role, kind: 'holder', untilAt: null },
  });

  test('gives and takes roles, which hold from the next question on', async () => {
    const id = await staff.person('county');
    const { db, actor } = await staff.security('city');
    await grantRole(db, actor, grant(id, 'county', 'press-officer'));
    await grantRole(db, actor, { ...grant(id, 'city', 'analyst'), kind: 'deputy' });
    expect(await staff.held(id)).toEqual(['analyst', 'press-officer']);
    await expect(grantRole(db, actor, grant(id, 'city', 'analyst'))).rejects.toMatchObject({
      code: 'role-held',
    });
    const [first] = await staff.grantIds(id);
    await revokeRole(db, actor, id, first as number);
    expect(await staff.held(id)).toHaveLength(1);
    await expect(revokeRole(db, actor, id, first as number)).rejects.toMatchObject({ code: 'role-gone' });
    expect((await listGrants(db, null, 'press-officer', 1)).map(({ personName }) => personName)).toContain(
      id,
    );
  });

  test('gives nothing to themselves, to somebody out of reach, in an office out of reach, or to a closed account', async () => {
    const self = await staff.person('city', 'security-administrator');
    const [ours, theirs, closed] = [
      await staff.person('city'),
      await staff.person('other'),
      await staff.person('city'),
    ];
    await engines.store.query('update people set disabled_at = now() where id = $1', [closed]);
    const { db, actor } = await staff.security('city', self);
    const tries: [string, NewGrant][] = [
      ['own-role', grant(self, 'city', 'leader')],
      ['person-gone', grant(theirs, 'city', 'leader')],
      ['office-out-of-scope', grant(ours, 'other', 'leader')],
      ['office-out-of-scope', grant(ours, 'province', 'leader')],
      ['person-disabled', grant(closed, 'city', 'leader')],
      ['role-period', { ...grant(ours, 'city', 'leader'), untilAt: new Date(Date.now() - 1000) }],
    ];
    for (const [code, wish] of tries)
      await expect(grantRole(db, actor, wish)).rejects.toMatchObject({ code });
    const [theirGrant] = await staff.grantIds(await staff.person('other', 'leader'));
    await expect(revokeRole(db, actor, theirs, theirGrant as number)).rejects.toMatchObject({
      code: 'role-gone',
    });
  });

  test('keeps the three administrators apart, also when two roles are given at once', async () => {
    const { db, actor } = await staff.security('city');
    const [officer, auditor, both] = [
      await staff.person('city', 'press-officer'),
      await staff.person('city', 'audit-administrator'),
      await staff.person('city'),
    ];
    const apart = { code: 'administrators-apart' };
    await expect(grantRole(db, actor, grant(officer, 'city', 'audit-administrator'))).rejects.toMatchObject(
      apart,
    );
    await expect(grantRole(db, actor, grant(auditor, 'city', 'leader'))).rejects.toMatchObject(apart);
    await expect(
      grantRole(db, actor, grant(auditor, 'county', 'system-administrator')),
    ).rejects.toMatchObject(apart);
    const outcomes = await Promise.allSettled([
      grantRole(db, actor, grant(both, 'city', 'system-administrator')),
      grantRole(db, actor, grant(both, 'city', 'press-officer')),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('cannot take the last administrator away, by whatever way, and not even two at once', async () => {
    const lone = await makeOffice(engines.store, 'lone', 'provincial');
    const [a, b] = [await staff.person('city'), await staff.person('city')];
    for (const id of [a, b]) {
      await engines.store.query('update people set office_id = $2 where id = $1', [id, lone]);
      await engines.store.query(
        `insert into role_grants (office_id, person_id, role, kind, granted_by) values ($1, $2, 'audit-administrator', 'holder', 'test')`,
        [lone, id],
      );
    }
    const scope: Scope = { every: false, offices: [lone, offices.city], shared: [] };
    const db = scoped(staff.app, scope);
    const actor: Actor = { id: 'x', officeId: lone, role: 'security-administrator', address: null };
    const last = { code: 'last-administrator' };
    const both = await Promise.allSettled(
      [a, b].map(async (id) => revokeRole(db, actor, id, (await staff.grantIds(id))[0] as number)),
    );
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const left = (await staff.held(a)).length > 0 ? a : b;
    await expect(disablePerson(db, actor, left)).rejects.toMatchObject(last);
    await expect(movePerson(db, actor, left, offices.city, await staff.grantIds(left))).rejects.toMatchObject(
      last,
    );
    await expect(
      revokeRole(db, actor, left, (await staff.grantIds(left))[0] as number),
    ).rejects.toMatchObject(last);
    expect(await staff.held(left)).toEqual(['audit-administrator']);
  });

  test('nor by closing an account below that administers an office above', async () => {
    const id = await staff.person('county');
    const alone = await makeOffice(engines.store, 'alone', 'provincial');
    await engines.store.query(
      `insert into role_grants (office_id, person_id, role, kind, granted_by) values ($1, $2, 'system-administrator', 'holder', 'test')`,
      [alone, id],
    );
    const { db, actor } = await staff.system('county');
    await expect(disablePerson(db, actor, id)).rejects.toMatchObject({ code: 'last-administrator' });
  });

  test('may take a county’s administrator away while one above reaches it', async () => {
    await staff.person('province', 'audit-administrator');
    const id = await staff.person('county', 'audit-administrator');
    const { db, actor } = await staff.security('county');
    await revokeRole(db, actor, id, (await staff.grantIds(id))[0] as number);
    expect(await staff.held(id)).toEqual([]);
  });
});

describe('the list of people', () => {
  test('finds by name and address, within the scope, by role and state', async () => {
    const { db, actor } = await staff.system('county');
    const id = await createPerson(db, actor, offices.county, {
      name: '欧阳一百%',
      email: 'ouyang@example.com',
    });
    const all = { text: '', role: null, state: null };
    const find = async (text: string) =>
      (await listPeople(db, null, { ...all, text }, 1)).map((each) => each.id);
    expect(await find('阳一')).toEqual([id]);
    expect(await find('OUYANG@')).toEqual([id]);
    expect(await find('100%_')).toEqual([]);
    expect(await find('%')).toEqual([id]);
    expect(await countPeople(db, null, { ...all, text: '阳一', state: 'disabled' })).toBe(0);
    const seen = await listPeople(db, null, all, 1);
    expect(new Set(seen.map(({ officeId }) => officeId))).toEqual(new Set([offices.county]));
    const officers = await listPeople(
      (await staff.system('province')).db,
      null,
      { ...all, role: 'press-officer' },
      1,
    );
    for (const { roles } of officers) expect(roles.map(({ role }) => role)).toContain('press-officer');
  });

  test('follows an office that moves', async () => {
    const { db, actor } = await staff.system('province');
    const id = await staff.person('county');
    await moveOffice(db, actor, offices.county, offices.other);
    expect(await personById((await staff.system('city')).db, id)).toBeNull();
    expect(await personById((await staff.system('other')).db, id)).not.toBeNull();
    await moveOffice(db, actor, offices.county, offices.city);
  });
});

describe('a list of people', () => {
  const csv = (...lines: string[]) => new TextEncoder().encode(['姓名,邮箱,单位代码', ...lines].join('\n'));
  const unscoped = null;

  test('makes their accounts, all or none, and each is told in the log', async () => {
    const { db, actor } = await staff.system('city');
    const bytes = csv('赵一,Zhao1@example.com,city', '钱二,qian2@example.com,county');
    const made = await importPeople(db, actor, unscoped, bytes);
    expect(made.map(({ email, office }) => [email, office])).toEqual([
      ['zhao1@example.com', 'city'],
      ['qian2@example.com', 'county'],
    ]);
    const log = await engines.store.query(
      `select 1 from audit_entries where action = 'person-create' and subject = any ($1)`,
      [made.map(({ id }) => `person:${id}`)],
    );
    expect(log.rowCount).toBe(2);
    // Somebody out of reach has the address: nobody learns more than that it is taken, and nobody is made.
    await engines.store.query(
      `insert into people (id, office_id, name, email) values ('far', $1, '远', 'far@example.com')`,
      [offices.other],
    );
    const blocked = csv('孙三,sun3@example.com,city', '李四,far@example.com,city');
    await expect(importPeople(db, actor, unscoped, blocked)).rejects.toMatchObject({
      ...{ code: 'email-taken', message: expect.stringContaining('far@example.com') },
    });
    expect((await planPeople(db, unscoped, csv('孙三,sun3@example.com,city'))).wrong).toEqual([]);
  });

  test('names every line that is wrong, and why', async () => {
    const { db, actor } = await staff.system('city');
    const scope = [offices.city, offices.county];
    const bytes = csv(
      ',a@example.com,city',
      '人,not an address,city',
      '人,b@example.com,nowhere',
      '人,c@example.com,other',
      '人,d@example.com,city',
      '人,D@example.com,city',
      '人,zhao1@example.com,city',
      '人,e@example.com',
    );
    const { wrong } = await planPeople(db, scope, bytes);
    expect(wrong.map(({ line, reason }) => [line, reason.slice(0, 6)])).toEqual([
      [2, '没有填姓名。'],
      [3, '邮箱的写法不'],
      [4, '没有代码为“'],
      [5, '没有代码为“'],
      [7, '邮箱与第 6'],
      [8, '邮箱已有账号'],
      [9, '有 2 列，'],
    ]);
    await expect(importPeople(db, actor, scope, bytes)).rejects.toMatchObject({ code: 'import-wrong' });
    await expect(importPeople(db, actor, scope, csv())).rejects.toMatchObject({ code: 'import-empty' });
  });
});
