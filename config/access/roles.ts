/** The roles that a person can hold in an office (三员 last: system, security and audit administrator). */
export const roles = [
  'press-officer',
  'first-reviewer',
  'second-reviewer',
  'final-reviewer',
  'signatory',
  'responder',
  'analyst',
  'leader',
  'system-administrator',
  'security-administrator',
  'audit-administrator',
] as const;
export type Role = (typeof roles)[number];

/**
 * The three administrators exclude one another and every other role: who runs the system, who gives rights and who reads
 * the audit log are three people, and none of them reads content (GB/T 22239-2019, level 3: separation of duties).
 */
export const administrators = [
  'system-administrator',
  'security-administrator',
  'audit-administrator',
] as const satisfies readonly Role[];
export type Administrator = (typeof administrators)[number];

export function isAdministrator(role: Role): role is Administrator {
  return (administrators as readonly Role[]).includes(role);
}

/** Roles whose holders must have a second factor: what they do binds the office or opens doors for others. */
export function needsSecondFactor(role: Role): boolean {
  return role === 'signatory' || isAdministrator(role);
}

/** How a role is held: by oneself, as a deputy, or handed over by its holder for a time. All three act alike. */
export const grantKinds = ['holder', 'deputy', 'delegate'] as const;
export type GrantKind = (typeof grantKinds)[number];
