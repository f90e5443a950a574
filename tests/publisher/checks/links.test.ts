import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import type { Block, Inline, ReleaseDocument, Row } from '../../../config/release-document.ts';
import { linksOf } from '../../../publisher/releases/checks/links.ts';
import type { LinkState } from '../../../publisher/releases/checks/types.ts';
import { openLinkProbe } from '../../../publisher/releases/link-probe.ts';
import { plainText } from '../../../publisher/releases/plain.ts';
import { found, told } from '../../support/checks.ts';

const link = (text: string, href: string): Inline => ({
  ...{ type: 'text', text, marks: [{ type: 'link', attrs: { href } }] },
});
const words = (text: string): Inline => ({ type: 'text', text });
const paragraph = (...content: Inline[]): Block => ({ type: 'paragraph', content });

/** Cells of two lines, the second of which is given. */
const row = (...lines: Inline[][]): Row => ({
  type: 'tableRow',
  content: lines.map((line) => ({
    type: 'tableCell',
    content: [paragraph(words('第一行')), paragraph(...line)],
  })),
});

const document: ReleaseDocument = {
  type: 'doc',
  content: [
    paragraph(
      words('详见'),
      link('通', 'https://a.example/1'),
      link('知', 'https://a.example/1'),
      words('。'),
    ),
    {
      type: 'table',
      content: [
        row([words('名称')], [words('附件')]),
        row([words('表一')], [words('见'), link('附表', 'https://b.example/')]),
      ],
    },
    paragraph(link('本站', '/news/1'), words(' '), link('电话', 'tel:12309')),
  ],
};

test('links are found where their words stand, in pieces and in tables', () => {
  const text = plainText(document);
  expect(linksOf(document).map(({ href, start, end }) => [href, text.slice(start, end)])).toEqual([
    ['https://a.example/1', '通知'],
    ['https://b.example/', '附表'],
    ['/news/1', '本站'],
    ['tel:12309', '电话'],
  ]);
});

describe('what became of a link', () => {
  const severity = async (state: LinkState) =>
    (await found('links', { document }, { probe: () => Promise.resolve(state) })).map(
      (each) => each.severity,
    );

  test.each([
    [{ kind: 'broken', status: 404 }, 'block'],
    [{ kind: 'private' }, 'block'],
    [{ kind: 'refused', status: 403 }, 'warn'],
    // Not known is not fine.
    [{ kind: 'unknown' }, 'warn'],
  ] as const)('%j', async (state, expected) => {
    expect(await severity(state)).toEqual([expected, expected]);
  });

  test('nothing is said of one that leads somewhere', async () => {
    expect(await severity({ kind: 'fine' })).toEqual([]);
  });

  test('each address is asked for once, and only addresses of the web', async () => {
    const asked: string[] = [];
    const content = {
      document: { type: 'doc' as const, content: [...document.content, ...document.content] },
    };
    const probe = (address: string) => {
      asked.push(address);
      return Promise.resolve<LinkState>({ kind: 'unknown' });
    };
    await found('links', content, { probe });
    expect(asked).toEqual(['https://a.example/1', 'https://b.example/']);
  });

  test('an address that is cut where it is shown is cut between characters', async () => {
    const href = `https://a.example/${'x'.repeat(61)}😀`;
    const content = { document: { type: 'doc' as const, content: [paragraph(link('长', href))] } };
    const [first] = await found('links', content, { probe: () => Promise.resolve({ kind: 'unknown' }) });
    expect(first?.quote.isWellFormed()).toBe(true);
  });

  test('links of a text of its own for WeChat are asked for too', async () => {
    const own = { type: 'doc', content: [paragraph(link('别处', 'https://c.example/'))] };
    const details = { wechat: { on: true, document: own } };
    const findings = await found('links', { details }, { probe: () => Promise.resolve({ kind: 'unknown' }) });
    expect(findings.map(({ part }) => part)).toEqual(['wechat']);
    expect(told(findings)).toEqual(['warn 别处（https://c.example/）']);
  });
});

describe('the probe', () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.closeAllConnections();
    return Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  });

  async function serve(answer: RequestListener): Promise<string> {
    const server = createServer(answer);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const answering = (status: number, headers: Record<string, string> = {}) =>
    serve((_, response) => response.writeHead(status, headers).end());

  test.each([
    [200, { kind: 'fine' }],
    [204, { kind: 'fine' }],
    [404, { kind: 'broken', status: 404 }],
    [410, { kind: 'broken', status: 410 }],
    [403, { kind: 'refused', status: 403 }],
    [500, { kind: 'refused', status: 500 }],
    [503, { kind: 'refused', status: 503 }],
  ])('%i', async (status, expected) => {
    const host = await answering(status);
    expect(await openLinkProbe([host])(`http://${host}/`)).toEqual(expected);
  });

  test('asks again where only the head is refused', async () => {
    const host = await serve((request, response) =>
      response.writeHead(request.method === 'HEAD' ? 405 : 200).end('<p>here</p>'),
    );
    expect(await openLinkProbe([host])(`http://${host}/`)).toEqual({ kind: 'fine' });
  });

  test('follows redirections, and not without end', async () => {
    const end = await answering(200);
    const host = await answering(302, { location: `http://${end}/` });
    expect(await openLinkProbe([host, end])(`http://${host}/`)).toEqual({ kind: 'fine' });
    const loop = await answering(301, { location: '/' });
    expect(await openLinkProbe([loop])(`http://${loop}/`)).toEqual({ kind: 'refused', status: 301 });
  });

  test('asks no private address, not even behind a redirection', async () => {
    let asked = 0;
    const inside = await serve((_, response) => {
      asked += 1;
      response.end();
    });
    expect(await openLinkProbe([])(`http://${inside}/`)).toEqual({ kind: 'private' });
    const host = await answering(302, { location: `http://${inside}/` });
    expect(await openLinkProbe([host])(`http://${host}/`)).toEqual({ kind: 'private' });
    expect(asked).toBe(0);
  });

  test('of one that does not answer nothing is known', async () => {
    const host = await serve(() => undefined);
    expect(await openLinkProbe([host], 50)(`http://${host}/`)).toEqual({ kind: 'unknown' });
    const gone = await answering(200);
    await new Promise((done) => servers.at(-1)?.close(done));
    expect(await openLinkProbe([gone])(`http://${gone}/`)).toEqual({ kind: 'unknown' });
    expect(await openLinkProbe([])('http://no-such-host.invalid/')).toEqual({ kind: 'unknown' });
  });

  test('asks for a few at a time, and for all in the end', async () => {
    let now = 0;
    let most = 0;
    const host = await serve((_, response) => {
      now += 1;
      most = Math.max(most, now);
      setTimeout(() => {
        now -= 1;
        response.end();
      }, 10);
    });
    const probe = openLinkProbe([host]);
    const states = await Promise.all(Array.from({ length: 30 }, (_, at) => probe(`http://${host}/${at}`)));
    expect(states.every(({ kind }) => kind === 'fine')).toBe(true);
    expect(most).toBeLessThanOrEqual(6);
  });
});
