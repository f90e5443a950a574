import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../build.ts';
import type { Role } from './contract.ts';

/** Serves the desk and the public pages. */
export const web: Role = async (runtime) => {
  const path = pathToFileURL(join(projectRoot, 'build', 'web', 'handler.js')).href;
  const { handler } = (await import(path)) as { handler: RequestListener };
  const server = createServer(handler);
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
  };
};
