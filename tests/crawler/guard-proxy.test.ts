import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { GuardProxy } from '../../crawler/browser/guard-proxy.ts';
import { AddressGuard } from '../../crawler/fetch/address-guard.ts';
import { localSite } from './fetch/local-site.ts';

async function proxyFor(...hosts: string[]): Promise<GuardProxy> {
  const proxy = new GuardProxy(new AddressGuard(hosts));
  await proxy.listen();
  onTestFinished(() => proxy.close());
  return proxy;
}

const credential = ({ user, password }: GuardProxy) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Asks the proxy for an address as a browser does; null when it hangs up. */
async function ask(proxy: GuardProxy, address: string, headers: Record<string, string>) {
  const { hostname, port } = new URL(proxy.address);
  const sent = request({ hostname, port, path: address, headers, agent: false }).end();
  try {
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: answer.statusCode, headers: answer.headers, text: await text(answer) };
  } catch {
    return null;
  }
}

/** Opens a tunnel: the status line (empty when the proxy hangs up), and the socket. */
async function tunnel(proxy: GuardProxy, host: string, authorization: string) {
  const { hostname, port } = new URL(proxy.address);
  const socket: Socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  socket.write(`CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\nProxy-Authorization: ${authorization}\r\n\r\n`);
  const first = await Promise.race([once(socket, 'data'), once(socket, 'close')]);
  return { status: Buffer.isBuffer(first[0]) ? first[0].toString().split('\r\n')[0] : '', socket };
}

/** Something on this machine that counts who comes and keeps what they say. */
async function listener() {
  const heard: Buffer[] = [];
  let came = 0;
  const server = createServer((socket) => {
    came += 1;
    socket.on('error', () => {}).on('data', (data: Buffer) => heard.push(data));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { port, heard, came: () => came };
}

describe('the proxy of the browser', () => {
  test('hands on what an open host answers, and keeps its own headers to itself', async () => {
    const site = await localSite({ '/a': { headers: { 'x-b': '1' }, body: '内容' } });
    const proxy = await proxyFor(site.host);
    const got = await ask(proxy, `${site.origin}/a`, {
      'proxy-authorization': credential(proxy),
      'x-a': '1',
    });
    expect(got).toMatchObject({ status: 200, headers: { 'x-b': '1' }, text: '内容' });
    expect(site.headers[0]).toMatchObject({ host: site.host, 'x-a': '1' });
    expect(site.headers[0]).not.toHaveProperty('proxy-authorization');
  });

  test('does nothing for whoever does not know the credential of this run', async () => {
    const site = await localSite({ '/a': '内容' });
    const proxy = await proxyFor(site.host);
    for (const wrong of ['', 'Basic eA==', credential(proxy).slice(0, -2)]) {
      expect(await ask(proxy, `${site.origin}/a`, { 'proxy-authorization': wrong })).toMatchObject({
        status: 407,
      });
      expect((await tunnel(proxy, site.host, wrong)).status).toContain('407');
    }
    expect(site.paths).toEqual([]);
  });

  test('connects to no inner address, by number, by name or as a tunnel', async () => {
    const inner = await listener();
    const proxy = await proxyFor('127.0.0.1:1');
    const authorization = credential(proxy);
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0x7f.1', '2130706433']) {
      const address = `${host}:${inner.port}`;
      expect(await ask(proxy, `http://${address}/`, { 'proxy-authorization': authorization })).toBeNull();
      expect((await tunnel(proxy, address, authorization)).status).toBe('');
    }
    expect(await ask(proxy, 'http://169.254.169.254/', { 'proxy-authorization': authorization })).toBeNull();
    expect(inner.came()).toBe(0);
  });

  test('tunnels TLS and nothing else', async () => {
    const open = await listener();
    const proxy = await proxyFor(`127.0.0.1:${open.port}`);
    const plain = await tunnel(proxy, `127.0.0.1:${open.port}`, credential(proxy));
    expect(plain.status).toContain('200');
    plain.socket.write('GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n');
    await once(plain.socket, 'close');
    const tls = await tunnel(proxy, `127.0.0.1:${open.port}`, credential(proxy));
    tls.socket.write(Buffer.from([0x16, 3, 1, 0, 5]));
    while (open.heard.length === 0) await sleep(10);
    expect(Buffer.concat(open.heard)).toEqual(Buffer.from([0x16, 3, 1, 0, 5]));
  });

  test('speaks no other language than HTTP', async () => {
    const proxy = await proxyFor();
    for (const address of ['ftp://example.org/', 'file:///etc/passwd', '/etc/passwd', '*']) {
      expect(await ask(proxy, address, { 'proxy-authorization': credential(proxy) })).toBeNull();
    }
  });
});
