import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  cancelDelegation,
  colleagues,
  delegableGrants,
  delegate,
  givenDelegations,
} from '../../store/delegations.ts';
import { disablePerson, movePerson } from '../../store/person-changes.ts';
import { revokeRole } from '../../store/role-grants.ts';
import { startStaff, type Staff } from '../support/staff.ts';

let staff: Staff;
let engines: Staff['engines'];
let offices: Staff['offices'];
beforeAll(async () => {
  staff = await startStaff();
  ({ engines, offices } = staff);
});
afterAll(() => staff.stop());

describe('a delegation', () => {
  const DAY = 86_400_000;
  const wish = (grantId: number, toId: string, from = 0, days = 7) => ({
    ...{ grantId, toId },
    fromAt: new Date(Date.now() + from * DAY),
    untilAt: new Date(Date.now() + (from + days) * DAY),
  });
  const set = (id: number, column: 'from_at' | 'until_at', days: number) =>
    engines.store.query(`update role_grants set ${column} = now() + $2 * interval '1 day' where id = $1`, [
      id,
      days,
    ]);

  test('gives a colleague the role until its time is over', async () => {
    const [giver, colleague] = [
      await staff.person('city', 'signatory'),
      await staff.person('city', 'responder'),
    ];
    const { db, actor } = await staff.hand('signatory', 'city', giver);
    const [own] = await delegableGrants(db, giver);
    await delegate(db, actor, wish(own?.id as number, colleague));
    expect(await staff.held(colleague)).toEqual(['responder', 'signatory']);
    expect(await staff.held(giver)).toEqual(['signatory']);
    const [given] = await givenDelegations(db, giver);
    await set(given?.id as number, 'from_at', -2);
    await set(given?.id as number, 'until_at', -0.001);
    expect(await staff.held(colleague)).toEqual(['responder']);
    expect(await givenDelegations(db, giver)).toEqual([]);
  });

  test('ends with the giver’s role, with their account, and when they take it back', async () => {
    const ways: ((giver: string, delegation: number) => Promise<void>)[] = [
      async (giver) => {
        const { db, actor } = await staff.security('city');
        await revokeRole(db, actor, giver, (await staff.grantIds(giver))[0] as number);
      },
      async (giver) => {
        const { db, actor } = await staff.system('city');
        await disablePerson(db, actor, giver);
      },
      async (giver) => {
        const { db, actor } = await staff.system('city');
        await movePerson(db, actor, giver, offices.county, await staff.grantIds(giver));
      },
      async (giver, delegation) => {
        const { db, actor } = await staff.hand('leader', 'city', giver);
        await cancelDelegation(db, actor, delegation);
      },
    ];
    for (const end of ways) {
      const [giver, colleague] = [await staff.person('city', 'leader'), await staff.person('city')];
      const { db, actor } = await staff.hand('leader', 'city', giver);
      await delegate(db, actor, wish((await staff.grantIds(giver))[0] as number, colleague));
      expect(await staff.held(colleague)).toEqual(['leader']);
      await end(giver, (await staff.grantIds(colleague))[0] as number);
      expect(await staff.held(colleague)).toEqual([]);
    }
  });

  test('is not handed on, nor given to strangers, administrators, those who hold it, or for long', async () => {
    const giver = await staff.person('city', 'leader');
    const [colleague, elsewhere, admin, holder] = [
      await staff.person('city'),
      await staff.person('county'),
      await staff.person('city', 'audit-administrator'),
      await staff.person('city', 'leader'),
    ];
    const { db, actor } = await staff.hand('leader', 'city', giver);
    const own = (await staff.grantIds(giver))[0] as number;
    const tries: [string, ReturnType<typeof wish>][] = [
      ['no-colleague', wish(own, elsewhere)],
      ['no-colleague', wish(own, giver)],
      ['no-colleague', wish(own, 'nobody')],
      ['administrators-apart', wish(own, admin)],
      ['role-held', wish(own, holder)],
      ['role-period', wish(own, colleague, 0, 31)],
      ['role-period', wish(own, colleague, -2, 7)],
      ['role-period', wish(own, colleague, 100, 7)],
      ['role-period', wish(own, colleague, 3, -1)],
      ['role-gone', wish((await staff.grantIds(holder))[0] as number, colleague)],
    ];
    for (const [code, each] of tries) await expect(delegate(db, actor, each)).rejects.toMatchObject({ code });
    expect((await colleagues(db, [offices.city], giver)).map(({ id }) => id)).not.toContain(admin);
    await delegate(db, actor, wish(own, colleague));
    await expect(delegate(db, actor, wish(own, colleague, 2, 2))).rejects.toMatchObject({
      code: 'role-held',
    });
    const second = await staff.hand('leader', 'city', colleague);
    expect(await delegableGrants(second.db, colleague)).toEqual([]);
    const third = await staff.person('city');
    const handedOn = wish((await staff.grantIds(colleague))[0] as number, third);
    await expect(delegate(second.db, second.actor, handedOn)).rejects.toMatchObject({ code: 'role-gone' });
    await expect(cancelDelegation(second.db, second.actor, handedOn.grantId)).rejects.toMatchObject({
      code: 'role-gone',
    });
  });
});
