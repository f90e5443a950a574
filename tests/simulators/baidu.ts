import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** data.zz.baidu.com as far as it is documented: addresses of a site, one on each line, within a quota of the day. */
export type Baidu = {
  origin: string;
  site: string;
  token: string;
  /** Addresses that it may still take today. */
  quota: number;
  /** What it was told of, in order; twice where it was told twice. */
  known: string[];
  /** Whether it is out of order: 500 with its own text, or a page of a proxy in between; or it ends without an answer. */
  trouble: 'busy' | 'proxy' | 'drop' | null;
  /** How often it was asked. */
  asked: number;
  /** Of the latest call. */
  contentType: string;
  close(): Promise<void>;
};

type Answer = { status: number; body: unknown };
const refusal = (status: number, message: string): Answer => ({ status, body: { error: status, message } });

/** Addresses in one call. */
const MOST = 2_000;

function answer(baidu: Baidu, method: string, url: URL, body: string): Answer {
  if (url.pathname !== '/urls' || method !== 'POST') return refusal(404, 'not found');
  if (url.searchParams.get('token') !== baidu.token) return refusal(401, 'token is not valid');
  if (url.searchParams.get('site') !== baidu.site) return refusal(400, 'site error');
  const lines = body.split('\n').filter((line) => line !== '');
  if (lines.length === 0) return refusal(400, 'empty content');
  if (lines.length > MOST) return refusal(400, 'only 2000 urls are allowed once');
  const notValid = lines.filter((line) => !URL.canParse(line));
  const valid = lines.filter((line) => URL.canParse(line));
  const notSame = valid.filter((line) => new URL(line).host !== baidu.site);
  const good = valid.filter((line) => new URL(line).host === baidu.site);
  if (good.length > baidu.quota) return refusal(400, 'over quota');
  baidu.quota -= good.length;
  baidu.known.push(...good);
  return {
    status: 200,
    body: {
      ...{ remain: baidu.quota, success: good.length },
      ...(notSame.length > 0 && { not_same_site: notSame }),
      ...(notValid.length > 0 && { not_valid: notValid }),
    },
  };
}

export async function startBaidu(): Promise<Baidu> {
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      baidu.asked += 1;
      baidu.contentType = request.headers['content-type'] ?? '';
      if (baidu.trouble === 'drop') return void request.socket.destroy();
      if (baidu.trouble === 'proxy') {
        return void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>502 Bad Gateway</h1>');
      }
      const url = new URL(request.url ?? '/', 'http://data.zz.baidu.com');
      const { status, body: said } =
        baidu.trouble === 'busy'
          ? refusal(500, 'internal error, please try later')
          : answer(baidu, request.method ?? '', url, body);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baidu: Baidu = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ site: 'desk.example', token: 'simulated-token', quota: 100, known: [] },
    ...{ trouble: null, asked: 0, contentType: '' },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return baidu;
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
