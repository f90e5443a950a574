import type { lookup, LookupAddress } from 'node:dns';
import { describe, expect, test } from 'vitest';
import { NotGot } from '../../../crawler/errors.ts';
import { AddressGuard } from '../../../crawler/fetch/address-guard.ts';
import { Transport } from '../../../crawler/fetch/transport.ts';
import { codeOf, localSite, openFetcher } from './local-site.ts';

const guard = new AddressGuard([]);

/** What a connection to this URL would be told about a name. */
function resolve(from: AddressGuard, address: string, name: string, all: boolean) {
  return new Promise<string | LookupAddress[]>((done, fail) => {
    from.lookupFor(new URL(address))(name, { all }, (error, found) => (error ? fail(error) : done(found)));
  });
}

describe('addresses of this machine and of inner networks are blocked', () => {
  test.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.0.0.1/',
    'http://0177.0.0.1/',
    'http://127.0.0.1./',
    'http://0.0.0.0/',
    'http://10.0.0.1/',
    'http://172.16.5.4/',
    'http://192.168.1.1:8080/',
    'http://100.64.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://192.0.2.1/',
    'http://[::]/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[64:ff9b::10.0.0.1]/',
    'http://[2002:7f00:1::]/',
    'http://[fe80::1]/',
    'http://[fd00::1]/',
    'http://[ff02::1]/',
    'http://[fec0::1]/',
    'http://[fd00:ec2::254]/',
    'http://[::127.0.0.1]/',
    'http://[::10.0.0.1]/',
    'http://[::ffff:0:127.0.0.1]/',
    'http://[64:ff9b:1::10.0.0.1]/',
    'http://[2001:db8::1]/',
    'http://[2001::1]/',
    'http://[100::1]/',
    'http://0/',
    'http://127.0.1/',
    'http://0x7f000001/',
    'http://017700000001/',
    'http://①②⑦.⓪.⓪.①/',
    'http://127.0.0.1%2e/',
    'http://100.100.100.200/latest/meta-data/',
    'http://168.63.129.16/metadata',
    'http://192.0.0.192/opc/v1/',
    'http://198.18.0.1/',
    'http://240.0.0.1/',
  ])('%s', async (address) => {
    expect(() => guard.checkUrl(new URL(address))).toThrow(NotGot);
    expect(await codeOf(openFetcher({ allowPrivateHosts: [] }).get(address))).toBe('address-blocked');
  });
});

describe('public addresses and names pass', () => {
  test.each([
    'http://8.8.8.8/',
    'http://[2400:3200::1]/',
    'http://[::ffff:8.8.8.8]/',
    'http://[64:ff9b::8.8.8.8]/',
    'http://[2002:808:808::]/',
    'https://news.example.com/',
  ])('%s', (address) => {
    expect(() => guard.checkUrl(new URL(address))).not.toThrow();
  });
});

describe('a name is judged by what it resolves to when the connection is made', () => {
  test.each([true, false])('localhost is blocked (all: %s)', async (all) => {
    await expect(resolve(guard, 'http://news.example.com/', 'localhost', all)).rejects.toMatchObject({
      code: 'address-blocked',
    });
  });

  test('a number passes for the name that it is', async () => {
    expect(await resolve(guard, 'http://8.8.8.8/', '8.8.8.8', false)).toBe('8.8.8.8');
    expect(await resolve(guard, 'http://8.8.8.8/', '8.8.8.8', true)).toEqual([
      { address: '8.8.8.8', family: 4 },
    ]);
  });

  test('a name that does not exist keeps its own error', async () => {
    await expect(resolve(guard, 'http://a.invalid/', 'a.invalid', true)).rejects.toMatchObject({
      code: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
    });
  });

  test('what it resolved to a moment ago does not count', async () => {
    const inside = await localSite({ '/': 'inside' });
    const answers = [
      [{ address: '93.184.215.14', family: 4 }],
      [{ address: '127.0.0.1', family: 4 }],
      [
        { address: '169.254.169.254', family: 4 },
        { address: '::1', family: 6 },
      ],
    ];
    const rebinding = ((_: string, __: object, done: (error: null, found: LookupAddress[]) => void) =>
      done(null, answers.shift() ?? [])) as unknown as typeof lookup;
    const watching = new AddressGuard([], rebinding);
    const address = inside.origin.replace('127.0.0.1', 'rebinding.example');
    expect(await resolve(watching, address, 'rebinding.example', true)).toHaveLength(1);
    for (let n = 0; n < 3; n += 1) {
      const transport = new Transport(
        { requestTimeoutSeconds: 5, maxPageMegabytes: 1, parallel: 1 },
        watching,
      );
      const sent = transport.send(new URL(address), { method: 'GET', headers: {}, body: null });
      expect(await codeOf(sent)).toBe('address-blocked');
      await transport.cut();
    }
    expect(inside.paths).toEqual([]);
  });

  test('of several addresses only the public ones are used', async () => {
    const mixed = ((_: string, __: object, done: (error: null, found: LookupAddress[]) => void) =>
      done(null, [
        { address: '10.0.0.1', family: 4 },
        { address: '93.184.215.14', family: 4 },
        { address: '::1', family: 6 },
      ])) as unknown as typeof lookup;
    const found = await resolve(new AddressGuard([], mixed), 'http://a.example/', 'a.example', true);
    expect(found).toEqual([{ address: '93.184.215.14', family: 4 }]);
  });

  test('robots.txt that leads inside is not followed there', async () => {
    const inside = await localSite({ '/robots.txt': 'User-agent: *\nAllow: /' });
    const site = await localSite({
      '/robots.txt': { status: 301, headers: { location: `${inside.origin}/robots.txt` } },
      '/a': 'ok',
    });
    const fetcher = openFetcher({ allowPrivateHosts: [site.host] });
    expect(await codeOf(fetcher.get(`${site.origin}/a`))).toBe('address-blocked');
    expect(site.paths).toEqual([]);
  });

  test('a request by name does not reach loopback', async () => {
    const site = await localSite({ '/': 'inside' });
    const byName = site.origin.replace('127.0.0.1', 'localhost');
    expect(await codeOf(openFetcher({ allowPrivateHosts: [] }).get(byName))).toBe('address-blocked');
    expect(site.paths).toEqual([]);
  });
});

describe('a host that the settings name', () => {
  test('may be reached, by its address and by its name', async () => {
    const site = await localSite({ '/': 'inside' });
    expect((await openFetcher({ allowPrivateHosts: [site.host] }).get(site.origin))?.status).toBe(200);
    const byName = site.origin.replace('127.0.0.1', 'localhost');
    expect((await openFetcher({ allowPrivateHosts: ['LOCALHOST'] }).get(byName))?.status).toBe(200);
  });

  test.each([
    ['10.1.2.3', 'http://10.1.2.3/', true],
    ['10.1.2.3', 'http://10.1.2.3:8080/', true],
    ['10.1.2.3:8080', 'http://10.1.2.3:8080/', true],
    ['10.1.2.3:8080', 'http://10.1.2.3/', false],
    ['10.1.2.3:80', 'http://10.1.2.3/', true],
    ['10.1.2.3:443', 'https://10.1.2.3/', true],
    ['10.1.2.3', 'http://10.1.2.4/', false],
    ['::1', 'http://[::1]/', true],
    ['[::1]:8080', 'http://[::1]:8080/', true],
  ])('%s lets %s through: %s', (host, address, allowed) => {
    const check = () => new AddressGuard([host]).checkUrl(new URL(address));
    if (allowed) expect(check).not.toThrow();
    else expect(check).toThrow(NotGot);
  });

  test('does not open the way to others by a redirect', async () => {
    const inside = await localSite({ '/secret': 'inside' });
    const site = await localSite();
    const targets = [
      `${inside.origin}/secret`,
      `${inside.origin.replace('127.0.0.1', 'localhost')}/secret`,
      `${inside.origin.replace('127.0.0.1', '[::ffff:127.0.0.1]')}/secret`,
      'http://169.254.169.254/latest/meta-data/',
    ];
    for (const location of targets) {
      site.routes['/'] = { status: 302, headers: { location } };
      const fetcher = openFetcher({ allowPrivateHosts: [site.host] });
      expect(await codeOf(fetcher.get(site.origin)), location).toBe('address-blocked');
    }
    expect(inside.paths).toEqual([]);
  });
});
