import { describe, expect, test } from 'vitest';
import { hindranceOf, isOpen, type Seen } from '../../web/lib/server/identity/hindrances.ts';

const free: Seen = {
  grants: [{ role: 'press-officer' }],
  place: '10.1.2.3',
  administratorAddresses: [],
  factor: 'none',
  mustChangePassword: false,
};
const nameOf = (change: Partial<Seen>) => hindranceOf({ ...free, ...change })?.name ?? null;

describe('between a session and the desk', () => {
  test('stands nothing, once all is right', () => {
    expect(nameOf({})).toBeNull();
    expect(nameOf({ factor: 'present' })).toBeNull();
  });

  test('stands what is not yet right, the second factor before the password', () => {
    expect(nameOf({ factor: 'verify', mustChangePassword: true })).toBe('second-factor');
    expect(nameOf({ factor: 'present', mustChangePassword: true })).toBe('password');
    expect(nameOf({ factor: 'enrol', mustChangePassword: true })).toBe('password');
    expect(nameOf({ factor: 'enrol' })).toBe('enrolment');
  });

  test('stands the address, for administrators alone', () => {
    const administratorAddresses = ['10.1.0.0/16'];
    const elsewhere = { administratorAddresses, place: '192.0.2.7' };
    const grants = [{ role: 'audit-administrator' as const }];
    expect(nameOf({ ...elsewhere, grants, factor: 'verify' })).toBe('address');
    expect(nameOf({ ...elsewhere })).toBeNull();
    expect(nameOf({ administratorAddresses, grants, factor: 'present' })).toBeNull();
    expect(nameOf({ administratorAddresses, grants, place: '' })).toBe('address');
  });
});

describe('meanwhile stand open', () => {
  const open = (change: Partial<Seen>, routes: string[]) => {
    const hindrance = hindranceOf({ ...free, ...change });
    return routes.filter((route) => hindrance && isOpen(hindrance, route));
  };
  const routes = [
    '/(desk)',
    '/(desk)/account',
    '/(desk)/account/password',
    '/(desk)/account/factors',
    '/(desk)/account/factors/passkey/verify',
    '/sign-in/second',
    '/sign-in/second/passkey/options',
    '/sign-in/secondary',
    '/sign-out',
    '/api/live',
  ];

  test('the page where it is put right, what lies below it, and the way out', () => {
    expect(open({ factor: 'verify' }, routes)).toEqual([
      '/sign-in/second',
      '/sign-in/second/passkey/options',
      '/sign-out',
    ]);
    expect(open({ mustChangePassword: true }, routes)).toEqual(['/(desk)/account/password', '/sign-out']);
    expect(open({ factor: 'enrol' }, routes)).toEqual([
      '/(desk)/account/factors',
      '/(desk)/account/factors/passkey/verify',
      '/sign-out',
    ]);
  });
});
