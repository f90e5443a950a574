import { expect, test } from 'vitest';
import { conflictsOf } from '../../config/access/conflicts.ts';
import { actions, ruleOf, type Action } from '../../config/access/matrix.ts';
import { roles, type Role } from '../../config/access/roles.ts';
import { actionsOf, groups, rowsByGroup } from '../../web/lib/access-view.ts';
import { homeOf } from '../../web/lib/home.ts';

test('the page of the matrix shows every action once, with every role that may do it', () => {
  const rows = groups.flatMap((group) => rowsByGroup[group]);
  expect(rows.map(({ action }) => action).toSorted()).toEqual(actions.toSorted());
  for (const { action, audience, reaches, shared } of rows) {
    const rule = ruleOf(action);
    if (typeof rule.for !== 'object') {
      expect([audience, reaches]).toEqual([rule.for, []]);
      continue;
    }
    const shown = Object.fromEntries(reaches.flatMap((each) => each.roles.map((role) => [role, each.reach])));
    expect(shown).toEqual(rule.for);
    expect(shared).toBe('shared' in rule);
  }
});

test('what a role allows is what the matrix gives it', () => {
  expect(actionsOf('audit-administrator').map(({ action }) => action)).toEqual([
    'audit-read',
    'audit-export',
  ]);
  expect(actionsOf('press-officer')).toContainEqual({ action: 'release-write', reach: 'own' });
});

test('everybody begins at a page that they may see', () => {
  const homeFor = (role: Role | null) =>
    homeOf((action: Action) => role !== null && actionsOf(role).some((each) => each.action === action));
  expect(homeFor(null)).toBe('/account');
  const homes = Object.fromEntries(roles.map((role) => [role, homeFor(role)]));
  expect(homes).toMatchObject({
    ...{ 'press-officer': '/', 'first-reviewer': '/', leader: '/' },
    'system-administrator': '/manage/people',
    'security-administrator': '/manage/roles',
    'audit-administrator': '/manage/audit',
  });
});

test('roles that had better be two people are named, in whatever order they were given', () => {
  expect(conflictsOf(['responder', 'analyst', 'leader'])).toEqual([]);
  expect(conflictsOf(['second-reviewer', 'press-officer', 'first-reviewer'])).toEqual([
    ['press-officer', 'first-reviewer'],
    ['press-officer', 'second-reviewer'],
    ['first-reviewer', 'second-reviewer'],
  ]);
});
