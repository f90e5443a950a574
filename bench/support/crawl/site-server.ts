import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { articlePage, listPage, PER_LIST_PAGE } from './pages.ts';

/**
 * `node site-server.ts <articles>`: serves the site of the bench on loopback, every page made beforehand, and prints its
 * port. Ends with its standard input.
 */
const articles = Number(process.argv[2]);
const pages = new Map<string, Buffer>([['/robots.txt', Buffer.from('User-agent: *\nDisallow: /search\n')]]);
for (let n = 0; n < articles / PER_LIST_PAGE; n++)
  pages.set(`/list/${n}.html`, Buffer.from(listPage(n, articles)));
for (let n = 0; n < articles; n++) pages.set(`/art/2026/11/${n}.html`, Buffer.from(articlePage(n, articles)));

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const body = pages.get(request.url ?? '');
  const type = request.url === '/robots.txt' ? 'text/plain' : 'text/html; charset=utf-8';
  response.writeHead(body === undefined ? 404 : 200, {
    'content-type': type,
    'content-length': body?.length ?? 0,
  });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.stdin.on('end', () => process.exit(0)).resume();
