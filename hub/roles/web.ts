import type { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { clientAddress } from '../../config/addresses.ts';
import { setEnv } from '../../config/env.ts';
import { STOPPING, type Unfinished } from '../../config/stopping.ts';
import { projectRoot } from '../build.ts';
import type { Role } from './contract.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/**
 * Which origin a request is for is the hub's to say, not the client's: forms are accepted from that origin only. So is the
 * address that it comes from, which tries to sign in are counted by. The adapter takes them from headers of these names,
 * which every request gets overwritten.
 */
const PROTOCOL = 'x-jiansheng-protocol';
const HOST = 'x-jiansheng-host';
const ADDRESS = 'x-jiansheng-address';

/** A file of 20 MB for a source, and the form around it; what is larger is not read. Most pages take far less themselves. */
const BODY_MOST = '21M';

/** Serves the desk and the public pages. */
export const web: Role = async (runtime) => {
  setEnv('PROTOCOL_HEADER', PROTOCOL);
  setEnv('HOST_HEADER', HOST);
  setEnv('ADDRESS_HEADER', ADDRESS);
  setEnv('BODY_SIZE_LIMIT', BODY_MOST);
  const path = pathToFileURL(join(projectRoot, 'build', 'web', 'handler.js')).href;
  const { handler } = (await import(path)) as { handler: Handler };
  const own = new URL(runtime.address);
  const { trustedProxies } = runtime.hub.signIn;
  const listener: RequestListener = (request, response) => {
    request.headers[PROTOCOL] = own.protocol.slice(0, -1);
    request.headers[HOST] = own.host;
    const forwarded = request.headers['x-forwarded-for'];
    request.headers[ADDRESS] = clientAddress(
      request.socket.remoteAddress ?? '',
      Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
      trustedProxies,
    );
    // For static files, which do not pass through the app's own hooks.
    response.setHeader('x-content-type-options', 'nosniff');
    handler(request, response, () => void response.writeHead(404).end());
  };
  const server = createServer(listener);
  // Longer than a proxy in front keeps its connections, so that it never sends into a closing one.
  server.keepAliveTimeout = 65_000;
  const { host, port } = runtime.hub.web;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return async () => {
    // Open event streams would keep the server from ending.
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await finishApp();
  };
};

/** What the app still holds, it finishes before the process ends. */
async function finishApp(): Promise<void> {
  const own: EventEmitter = process;
  const unfinished: Unfinished = [];
  own.emit(STOPPING, unfinished);
  await Promise.all(unfinished);
}
