import { actions, matrix, ruleOf, type Action, type Reach } from '../../config/access/matrix.ts';
import { isAdministrator, roles, type Role } from '../../config/access/roles.ts';

export const groups = ['everybody', 'content', 'system', 'security', 'audit', 'programs'] as const;
export type Group = (typeof groups)[number];

/** Where the page puts an action: by who may do it, so that a new row finds its place by itself. */
export function groupOf(action: Action): Group {
  const rule = ruleOf(action);
  if (rule.for === 'token') return 'programs';
  if (typeof rule.for !== 'object') return 'everybody';
  if (roles.some((role) => !isAdministrator(role) && reachOf(action, role))) return 'content';
  if (reachOf(action, 'system-administrator')) return 'system';
  return reachOf(action, 'security-administrator') ? 'security' : 'audit';
}

function reachOf(action: Action, role: Role): Reach | null {
  const rule = ruleOf(action);
  return typeof rule.for === 'object' ? (rule.for[role] ?? null) : null;
}

export type Row = {
  action: Action;
  audience: 'anyone' | 'signed-in' | 'token' | null;
  /** Who may, and how far; roles with one reach together. */
  reaches: { reach: Reach; roles: Role[] }[];
  shared: boolean;
};

/** The matrix as people read it: grouped, with the roles of each row. */
export const rowsByGroup: Record<Group, Row[]> = Object.fromEntries(
  groups.map((group) => [group, actions.filter((action) => groupOf(action) === group).map(rowOf)]),
) as Record<Group, Row[]>;

function rowOf(action: Action): Row {
  const rule = ruleOf(action);
  const audience = typeof rule.for === 'object' ? null : rule.for;
  const reaches = (['own+sub', 'own'] as const)
    .map((reach) => ({ reach, roles: roles.filter((role) => reachOf(action, role) === reach) }))
    .filter((each) => each.roles.length > 0);
  return { action, audience, reaches, shared: 'shared' in matrix[action] };
}

/** What a role allows, action by action; what everybody may do is left out. */
export function actionsOf(role: Role): { action: Action; reach: Reach }[] {
  return actions.flatMap((action) => {
    const reach = reachOf(action, role);
    return reach ? [{ action, reach }] : [];
  });
}
