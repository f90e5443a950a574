import { describe, expect, test } from 'vitest';
import { passwordProblem } from '../../web/lib/password-rule.ts';
import {
  factorFirst,
  isAlias,
  isPublic,
  mayBeforePasswordChange,
  safeReturn,
} from '../../web/lib/server/gate.ts';
import { SignInLimit } from '../../web/lib/server/sign-in-limit.ts';

describe('tries to sign in', () => {
  const MINUTE = 60_000;
  const tries = (limit: SignInLimit, n: number, email: string, place: string) =>
    Array.from({ length: n }, () => limit.take(email, place));

  test('the sixth from one place waits, and says how long', () => {
    let now = 0;
    const limit = new SignInLimit(() => now);
    expect(tries(limit, 5, 'a@x', '10.0.0.1')).toEqual([0, 0, 0, 0, 0]);
    now = 5 * MINUTE;
    expect(limit.take('a@x', '10.0.0.1')).toBe(600);
  });

  test('somebody else, and the same person elsewhere, may go on', () => {
    const limit = new SignInLimit(() => 0);
    tries(limit, 6, 'a@x', '10.0.0.1');
    expect(limit.take('b@x', '10.0.0.1')).toBe(0);
    expect(limit.take('a@x', '10.0.0.2')).toBe(0);
  });

  test('a quarter of an hour later it is forgotten', () => {
    let now = 0;
    const limit = new SignInLimit(() => now);
    tries(limit, 6, 'a@x', '10.0.0.1');
    now = 15 * MINUTE;
    expect(limit.take('a@x', '10.0.0.1')).toBe(0);
  });

  test('the right password forgets the wrong ones before it', () => {
    const limit = new SignInLimit(() => 0);
    tries(limit, 4, 'a@x', '10.0.0.1');
    limit.succeeded('a@x', '10.0.0.1');
    expect(tries(limit, 5, 'a@x', '10.0.0.1')).toEqual([0, 0, 0, 0, 0]);
  });

  test('guesses at one person from many places are stopped too', () => {
    const limit = new SignInLimit(() => 0);
    for (let i = 0; i < 30; i++) limit.take('a@x', `10.0.1.${i}`);
    expect(limit.take('a@x', '10.0.2.1')).toBeGreaterThan(0);
  });
});

describe('where to go after signing in', () => {
  const back = (to: string | null) => safeReturn(to, 'https://desk.example');

  test('to the page that was asked for', () => {
    expect(back('/search?q=a&page=2')).toBe('/search?q=a&page=2');
  });

  test.each([
    null,
    '',
    'search',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'https://evil.example/',
    'javascript:alert(1)',
    '/sign-out',
    '/sign-in?to=/',
  ])('never to another site, nor out again: %s', (to) => {
    expect(back(to)).toBe('/');
  });
});

test.each([
  ['localhost:4700', 'http://127.0.0.1:4700', true],
  ['127.0.0.1:4700', 'http://localhost:4700', true],
  ['[::1]:4700', 'http://127.0.0.1:4700', true],
  ['127.0.0.1:4700', 'http://127.0.0.1:4700', false],
  ['localhost:8080', 'http://127.0.0.1:4700', false],
  ['127.0.0.1:4700', 'https://desk.example', false],
  ['evil.example', 'http://127.0.0.1:4700', false],
  [null, 'http://127.0.0.1:4700', false],
])('%s is another name for %s: %s', (host, address, alias) => {
  expect(isAlias(host, address)).toBe(alias);
});

test('only the pages for citizens are public', () => {
  expect(['/(public)/news', '/sign-in', '/(desk)', null].map(isPublic)).toEqual([true, false, false, false]);
});

test('with a first password only the change and the way out are open', () => {
  expect(mayBeforePasswordChange('/(desk)/account/password')).toBe(true);
  expect(mayBeforePasswordChange('/sign-out')).toBe(true);
  expect(mayBeforePasswordChange('/(desk)')).toBe(false);
});

describe('a session whose second factor is missing', () => {
  const routes = ['/(desk)', '/(desk)/account', '/(desk)/account/factors', '/sign-in/second', '/api/live'];

  test('may give it or leave, and nothing else', () => {
    expect(routes.map((route) => factorFirst('verify', route))).toEqual([
      '/sign-in/second',
      '/sign-in/second',
      '/sign-in/second',
      null,
      '/sign-in/second',
    ]);
    expect(factorFirst('verify', '/sign-in/second/passkey/verify')).toBeNull();
    expect(factorFirst('verify', '/sign-in/secondary')).toBe('/sign-in/second');
    expect(factorFirst('verify', '/sign-out')).toBeNull();
  });

  test('may enrol one where a role asks for it, and nothing else', () => {
    expect(routes.map((route) => factorFirst('enrol', route))).toEqual([
      '/account/factors',
      '/account/factors',
      null,
      '/account/factors',
      '/account/factors',
    ]);
    expect(factorFirst('enrol', '/sign-out')).toBeNull();
  });

  test('goes on where none is missing', () => {
    for (const route of routes) {
      expect(factorFirst('none', route)).toBeNull();
      expect(factorFirst('present', route)).toBeNull();
    }
  });
});

describe('a new password', () => {
  const current = 'first-pass-1';
  const problem = (next: string, repeat = next) => passwordProblem({ current, next, repeat });

  test('of ten characters and two kinds will do', () => {
    expect(problem('yunzhou-26')).toBeNull();
    expect(problem('检察为民二零二六年第1号')).toBeNull();
  });

  test.each([
    ['short-1', '新口令至少 10 位。'],
    ['abcdefghijkl', '新口令须包含字母、数字、符号中的至少两种。'],
    [current, '新口令不能与当前口令相同。'],
    ['a1'.repeat(65), '新口令最多 128 位。'],
  ])('is refused with the reason: %s', (next, reason) => {
    expect(problem(next)).toBe(reason);
  });

  test('is refused when the repetition differs', () => {
    expect(problem('yunzhou-26', 'yunzhou-27')).toBe('两次输入的新口令不一致。');
  });
});
