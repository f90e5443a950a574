import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AskedLines } from '../../web/lib/asked-lines.ts';
import { startSite, type TestSite } from '../support/site.ts';

/** Answers as a test says; each path has its own way. */
const answers: Record<string, (response: ServerResponse) => unknown> = {};
let site: TestSite;
beforeAll(async () => {
  site = await startSite((request, response) => void answers[request.url ?? '']?.(response));
});
afterAll(() => site.close());

type Line = { n: string };

/** Asks a path. @returns how it ended, and the lines that came */
function asking(lines: AskedLines<Line>, path: string) {
  const took: string[] = [];
  const { promise: first, resolve } = Promise.withResolvers<void>();
  const ended = lines.ask(site.url + path, new FormData(), ({ n }) => {
    took.push(n);
    resolve();
  });
  return { took, first, ended };
}

test('lines are told as they arrive, wherever the network cuts them', async () => {
  const bytes = Buffer.from('{"n":"一"}\n{"n":"二"}\n{"n":"三"}\n');
  answers['/cut'] = async (response) => {
    for (let at = 0; at < bytes.length; at += 4) {
      response.write(bytes.subarray(at, at + 4));
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  };
  const { took, ended } = asking(new AskedLines(), '/cut');
  expect(await ended).toEqual({ how: 'all' });
  expect(took).toEqual(['一', '二', '三']);
});

test('a refusal comes with its words, if it has any', async () => {
  answers['/no'] = (response) => response.writeHead(429).end('{"message":"请稍后再试"}');
  answers['/why'] = (response) => response.writeHead(400).end('{}');
  expect(await asking(new AskedLines(), '/no').ended).toEqual({ how: 'refused', message: '请稍后再试' });
  expect(await asking(new AskedLines(), '/why').ended).toEqual({ how: 'refused' });
});

test('what breaks off in the middle is not taken for the whole', async () => {
  answers['/broken'] = (response) => response.write('{"n":"一"}\n', () => response.destroy());
  answers['/error'] = (response) => response.writeHead(502).end('<html></html>');
  expect(await asking(new AskedLines(), '/broken').ended).toEqual({ how: 'broken' });
  expect(await asking(new AskedLines(), '/error').ended).toEqual({ how: 'broken' });
});

test('a question that is stopped says nothing more, nor does one whose place another took', async () => {
  answers['/open'] = (response) => response.write('{"n":"一"}\n');
  answers['/next'] = (response) => response.end('{"n":"二"}\n');
  const lines = new AskedLines<Line>();
  const stopped = asking(lines, '/open');
  await stopped.first;
  lines.stop();
  expect(await stopped.ended).toEqual({ how: 'stopped' });
  const old = asking(lines, '/open');
  await old.first;
  const next = asking(lines, '/next');
  expect(await next.ended).toEqual({ how: 'all' });
  expect(await old.ended).toEqual({ how: 'replaced' });
  expect([old.took, next.took]).toEqual([['一'], ['二']]);
});
