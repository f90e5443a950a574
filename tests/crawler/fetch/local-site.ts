import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { Fetcher, type FetchSettings } from '../../../crawler/fetch/fetcher.ts';
import type { HostDesk } from '../../../crawler/fetch/hosts.ts';
import { asNotGot, type NotGot } from '../../../crawler/errors.ts';

export type Answer =
  | string
  | { status?: number; headers?: Record<string, string>; body?: string | Uint8Array }
  | ((request: IncomingMessage, response: ServerResponse) => void);

export type LocalSite = {
  origin: string;
  host: string;
  /** What is served; tests change it as they go. */
  routes: Record<string, Answer>;
  /** Every request but those for robots.txt, in the order of arrival. */
  paths: string[];
  headers: IncomingHttpHeaders[];
  /** The most requests that were being answered at one time. */
  most: number;
};

/** A real site on loopback with a port of its own; closed with the test. Without a route for robots.txt it has none. */
export async function localSite(routes: Record<string, Answer> = {}): Promise<LocalSite> {
  let open = 0;
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    open += 1;
    site.most = Math.max(site.most, open);
    response.on('close', () => (open -= 1));
    if (path !== '/robots.txt') {
      site.paths.push(path);
      site.headers.push(request.headers);
    }
    const answer = site.routes[path] ?? { status: 404, body: '没有这个页面' };
    if (typeof answer === 'function') return answer(request, response);
    const { status = 200, headers = {}, body = '' } = typeof answer === 'string' ? { body: answer } : answer;
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const site: LocalSite = { origin: `http://${host}`, host, routes, paths: [], headers: [], most: 0 };
  return site;
}

/** A fetcher that may reach loopback and does not wait between requests; closed with the test. */
export function openFetcher(changes: Partial<FetchSettings> = {}, desk?: HostDesk): Fetcher {
  const fetcher = new Fetcher(
    {
      contact: '云州市人民检察院办公室 0000-12309',
      officeName: '云州市人民检察院',
      requestTimeoutSeconds: 20,
      maxPageMegabytes: 1,
      paceSeconds: 0,
      backOffSeconds: 0,
      allowPrivateHosts: ['127.0.0.1'],
      ...changes,
    },
    desk,
  );
  onTestFinished(() => fetcher.close());
  return fetcher;
}

/** The reason for which something was not got. */
export async function reasonOf(work: Promise<unknown>): Promise<NotGot> {
  try {
    await work;
  } catch (error) {
    return asNotGot(error);
  }
  throw new Error('it was got');
}

export const codeOf = async (work: Promise<unknown>): Promise<string> => (await reasonOf(work)).code;
