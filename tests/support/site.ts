import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type TestSite = { url: string; asked: string[]; close(): Promise<void> };

/** A site on loopback whose pages a test writes; `asked` lists the paths in the order of the requests. */
export async function startSite(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<TestSite> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/robots.txt') return void response.writeHead(404).end();
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An RSS 2.0 document of so many items, each with a text of its own. */
export function rss(
  origin: string,
  count: number,
  text = (n: number) => `第${n}条公开评论，谈到检察机关办理的第${n}件案件的进展情况。`,
): string {
  const items = Array.from(
    { length: count },
    (_, n) => `<item><title>标题${n}</title><link>${origin}/item/${n}</link><guid>${origin}/item/${n}</guid>
      <pubDate>Sun, 01 Nov 2026 08:${String(n % 60).padStart(2, '0')}:00 +0800</pubDate>
      <description><![CDATA[${text(n)}]]></description></item>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>测试</title>${items.join('')}</channel></rss>`;
}
