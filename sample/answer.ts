import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { profilePage } from './sites/markup.ts';
import { commonPages, html, type Site, type SiteRequest, type SiteResponse } from './sites/site.ts';

const LONGEST_ADDRESS = 2048;
/** Below this, gzip makes an answer longer. */
const WORTH_PACKING = 512;

/** Puts a site behind HTTP: methods, conditional requests, compression. Never throws for what a client sent. */
export function answer(site: Site, request: IncomingMessage, response: ServerResponse): void {
  // A body nobody reads would keep the connection from being used again.
  request.resume();
  const method = request.method ?? 'GET';
  if (method !== 'GET' && method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD', 'content-type': 'text/plain; charset=utf-8' }).end('405\n');
    return;
  }
  const result = ask(site, request.url ?? '/');
  const headers: Record<string, string> = {
    'content-type': result.type,
    vary: 'Accept-Encoding',
    ...result.headers,
  };
  if (result.status === 200) {
    headers['etag'] = `W/"${createHash('sha1').update(result.body).digest('base64url').slice(0, 20)}"`;
    if (result.modified !== undefined) headers['last-modified'] = new Date(result.modified).toUTCString();
    headers['cache-control'] = 'no-cache';
    if (isFresh(request, headers['etag'], result.modified)) {
      response.writeHead(304, headers).end();
      return;
    }
  }
  let body = Buffer.isBuffer(result.body) ? result.body : Buffer.from(result.body);
  if (body.length >= WORTH_PACKING && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) {
    body = gzipSync(body, { level: 4 });
    headers['content-encoding'] = 'gzip';
  }
  headers['content-length'] = String(body.length);
  response.writeHead(result.status, headers).end(method === 'HEAD' ? undefined : body);
}

function ask(site: Site, address: string): SiteResponse {
  const plain = { type: 'text/plain; charset=utf-8' };
  if (address.length > LONGEST_ADDRESS) return { ...plain, status: 414, body: '414\n' };
  // Parsed against a fixed host: the Host header of a stranger never reaches a page.
  const url = URL.parse(address.startsWith('/') ? `http://sample${address}` : address);
  if (!url) return { ...plain, status: 400, body: '400\n' };
  const request: SiteRequest = { path: url.pathname, query: url.searchParams };
  const profile = profilePage(request.path);
  return commonPages(request) ?? (profile === undefined ? site(request) : html(profile));
}

/** RFC 9110: If-None-Match wins, If-Modified-Since counts only without it. */
function isFresh(request: IncomingMessage, etag: string, modified: number | undefined): boolean {
  const tags = request.headers['if-none-match'];
  if (tags !== undefined) {
    const known = tags.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
    return known.includes('*') || known.includes(etag.replace(/^W\//, ''));
  }
  const since = Date.parse(request.headers['if-modified-since'] ?? '');
  return modified !== undefined && since >= Math.floor(modified / 1000) * 1000;
}
