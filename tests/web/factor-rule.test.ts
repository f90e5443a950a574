import { describe, expect, test } from 'vitest';
import { roles, type Role } from '../../config/access/roles.ts';
import {
  factorNeeded,
  isSessionFactor,
  mustHaveFactor,
  sessionFactors,
} from '../../web/lib/server/identity/factor-rule.ts';

const holds = (...of: Role[]) => of.map((role) => ({ role }));

describe('a second factor', () => {
  test('is not asked of a press officer who has none', () => {
    expect(factorNeeded({ grants: holds('press-officer'), enrolled: false, sessionFactor: null })).toBe(
      'none',
    );
  });

  test('is asked of everybody who has one, whatever the role', () => {
    for (const role of roles) {
      expect(factorNeeded({ grants: holds(role), enrolled: true, sessionFactor: null })).toBe('verify');
    }
    expect(factorNeeded({ grants: [], enrolled: true, sessionFactor: null })).toBe('verify');
  });

  test.each(sessionFactors)('that was given by %s is present', (sessionFactor) => {
    expect(factorNeeded({ grants: holds('signatory'), enrolled: true, sessionFactor })).toBe('present');
  });

  test.each<Role>(['signatory', 'system-administrator', 'security-administrator', 'audit-administrator'])(
    'must be enrolled by a %s before anything else',
    (role) => {
      expect(factorNeeded({ grants: holds('leader', role), enrolled: false, sessionFactor: null })).toBe(
        'enrol',
      );
    },
  );

  test('that was taken away since must be enrolled again, also in a session that was opened with it', () => {
    const state = { grants: holds('signatory'), enrolled: false };
    expect(factorNeeded({ ...state, sessionFactor: 'totp' })).toBe('enrol');
    expect(factorNeeded({ ...state, sessionFactor: 'recovery' })).toBe('enrol');
  });

  test('of the provider stands for one of ours', () => {
    expect(factorNeeded({ grants: holds('signatory'), enrolled: false, sessionFactor: 'oidc' })).toBe(
      'present',
    );
  });
});

test('exactly signatories and administrators must have one', () => {
  expect(roles.filter((role) => mustHaveFactor(holds(role)))).toEqual([
    'signatory',
    'system-administrator',
    'security-administrator',
    'audit-administrator',
  ]);
});

test('what is no factor is not taken for one', () => {
  expect(['totp', 'password', '', null, undefined].map(isSessionFactor)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});
