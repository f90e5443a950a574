import { describe, expect, test } from 'vitest';
import { passwordProblem } from '../../web/lib/password-rule.ts';
import { isAlias, isPublic, safeReturn, withQuery } from '../../web/lib/server/gate.ts';

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

test('a path gets those of its parameters that there are', () => {
  expect(withQuery('/sign-in', { to: null, ended: null })).toBe('/sign-in');
  expect(withQuery('/sign-in', { to: '/search?q=a&b', ended: 'idle' })).toBe(
    '/sign-in?to=%2Fsearch%3Fq%3Da%26b&ended=idle',
  );
});

describe('a new password', () => {
  const whose = { email: 'press@jiansheng.local', name: '王小明' };
  const problem = (next: string, repeat = next) => passwordProblem({ next, repeat, ...whose });

  test.each([
    'yunzhou-2026-x',
    'Qinglong7Shan',
    '云州-test-4711',
    '检察为民 2026 abc',
    'correct horse 1 staple',
  ])('of ten characters and three kinds will do: %s', (next) => expect(problem(next)).toBeNull());

  test.each([
    ['Short-1', '新口令至少 10 位。'],
    ['abcdefghijkl', '新口令须包含小写字母、大写字母、数字、符号（含汉字）中的至少三种。'],
    ['yunzhou-shan', '新口令须包含小写字母、大写字母、数字、符号（含汉字）中的至少三种。'],
    ['aB3-'.repeat(33), '新口令最多 128 位。'],
    ['My-Press-2026', '新口令不能包含登录账号或姓名。'],
    ['我是王小明abc123', '新口令不能包含登录账号或姓名。'],
    ['Password2026!', '新口令太常见或太有规律，容易被猜到，请换一个。'],
    ['P@ssw0rd-2026', '新口令太常见或太有规律，容易被猜到，请换一个。'],
    ['2026!Admin123', '新口令太常见或太有规律，容易被猜到，请换一个。'],
    ['Qwer1234!@#$', '新口令太常见或太有规律，容易被猜到，请换一个。'],
    ['1qaz@WSX3edc', '新口令太常见或太有规律，容易被猜到，请换一个。'],
    ['Ｐａｓｓｗｏｒｄ2026', '新口令太常见或太有规律，容易被猜到，请换一个。'],
    ['aA1aA1aA1aA1', '新口令太常见或太有规律，容易被猜到，请换一个。'],
  ])('is refused with the reason: %s', (next, reason) => {
    expect(problem(next)).toBe(reason);
  });

  test('is refused when the repetition differs', () => {
    expect(problem('yunzhou-26-x', 'yunzhou-27-x')).toBe('两次输入的新口令不一致。');
  });
});
