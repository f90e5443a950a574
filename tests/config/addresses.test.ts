import { describe, expect, test } from 'vitest';
import { isProxyUnknown, signInSchema } from '../../config/sign-in.ts';
import { clientAddress, isRange, isWithin, neighbourhood } from '../../config/addresses.ts';

test.each([
  ['10.1.2.3', true],
  ['10.1.0.0/16', true],
  ['2001:db8::/32', true],
  ['::1', true],
  ['10.1.0.0/33', false],
  ['10.1', false],
  ['0x7f.1', false],
  ['localhost', false],
  ['', false],
])('%s is an address or a block: %s', (text, range) => {
  expect(isRange(text)).toBe(range);
});

test.each([
  ['10.1.2.3', ['10.1.0.0/16'], true],
  ['10.2.2.3', ['10.1.0.0/16'], false],
  ['::ffff:10.1.2.3', ['10.1.0.0/16'], true],
  ['10.1.2.3', ['::/0'], false],
  ['2001:db8::9', ['10.0.0.0/8', '2001:db8::/64'], true],
  ['unknown', ['0.0.0.0/0'], false],
])('%s within %s: %s', (address, ranges, within) => {
  expect(isWithin(address, ranges)).toBe(within);
});

test('whoever may choose their address within 64 bits counts as one', () => {
  expect(neighbourhood('2001:db8:1:2:aaaa::1')).toBe(neighbourhood('2001:db8:1:2:bbbb::2'));
  expect(neighbourhood('2001:db8:1:3::1')).not.toBe(neighbourhood('2001:db8:1:2::1'));
  expect(neighbourhood('::ffff:10.1.2.3')).toBe('10.1.2.3');
  expect(neighbourhood('?')).toBe('unknown');
});

test.each([
  ['https://desk.example.gov.cn', [], true],
  ['https://desk.example.gov.cn', ['127.0.0.1'], false],
  ['http://10.1.2.3:4700', [], false],
  [undefined, [], false],
])('of the proxy before %s, with %j named, nothing is known: %s', (address, trustedProxies, unknown) => {
  const signIn = signInSchema.parse({ trustedProxies });
  expect(isProxyUnknown({ web: { address }, signIn })).toBe(unknown);
});

describe('the client of a request', () => {
  const proxies = ['127.0.0.1', '10.0.0.0/24'];

  test('is the other end of the connection, where no proxy is known', () => {
    expect(clientAddress('192.0.2.1', '203.0.113.9', [])).toBe('192.0.2.1');
    expect(clientAddress('::ffff:192.0.2.1', undefined, [])).toBe('192.0.2.1');
  });

  test('is whom a known proxy speaks for, through several of them', () => {
    expect(clientAddress('127.0.0.1', '203.0.113.9', proxies)).toBe('203.0.113.9');
    expect(clientAddress('127.0.0.1', '203.0.113.9, 10.0.0.7', proxies)).toBe('203.0.113.9');
  });

  test('is never what the client itself has written into the header', () => {
    expect(clientAddress('127.0.0.1', '10.1.2.3, 203.0.113.9', proxies)).toBe('203.0.113.9');
    expect(clientAddress('203.0.113.9', '10.1.2.3', proxies)).toBe('203.0.113.9');
  });

  test('is the last one that can be read, where the header cannot', () => {
    expect(clientAddress('127.0.0.1', 'nonsense', proxies)).toBe('127.0.0.1');
    expect(clientAddress('127.0.0.1', '', proxies)).toBe('127.0.0.1');
    expect(clientAddress('127.0.0.1', '203.0.113.9, ?', proxies)).toBe('127.0.0.1');
  });
});
