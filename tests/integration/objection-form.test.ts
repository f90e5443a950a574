import { request as send } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openCipher } from '../../config/cipher.ts';
import { ingest } from '../../indexer/ingest.ts';
import { objectionMessages } from '../../web/lib/messages/objections.ts';
import { privacyMessages } from '../../web/lib/messages/privacy.ts';
import { startTestEngines, TEST_KEY, type TestEngines } from '../support/engines.ts';
import { draft, makeSource } from '../support/posts.ts';
import { startTestWeb, type TestWeb } from '../support/web.ts';

let engines: TestEngines;
let web: TestWeb;
const { problems } = objectionMessages.form;

beforeAll(async () => {
  engines = await startTestEngines();
  web = await startTestWeb(engines);
});
afterAll(async () => {
  await web?.stop();
  await engines?.stop();
});
beforeEach(() => engines.store.query('delete from objection_senders'));

/** Sends the form as a browser without JavaScript does. */
async function submit(fields: Record<string, string>, origin = web.address) {
  const answer = await fetch(`${web.address}/objection`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin, accept: 'text/html' },
    body: new URLSearchParams(fields),
  });
  return { status: answer.status, to: answer.headers.get('location'), html: await answer.text(), answer };
}

async function objections(): Promise<number> {
  return (await engines.store.query('select 1 from objections')).rowCount ?? 0;
}

describe('the form', () => {
  test('gives a receipt that shows what was done, and sets no cookie', async () => {
    const source = await makeSource(engines.store, engines.officeId, 'form');
    await ingest(engines.store, source, [draft('form', { kind: 'post' })], Date.now());
    const sent = await submit({
      addresses: 'http://news.example/form\nhttp://news.example/unknown',
      reason: '本人所写',
      contact: 'citizen@example.com',
    });
    expect(sent.status).toBe(303);
    expect(sent.to).toMatch(/^\/objection\/(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}$/);
    expect(sent.answer.headers.getSetCookie()).toEqual([]);
    const page = await fetch(web.address + (sent.to ?? ''));
    const html = await page.text();
    expect(html).toContain(objectionMessages.receipt.outcomes.removed);
    expect(html).toContain(objectionMessages.receipt.outcomes['kept-away']);
    for (const secret of ['news.example', 'citizen@example.com', '本人所写'])
      expect(html).not.toContain(secret);
    expect(page.headers.get('cache-control')).toBe('private, no-store');
    expect(page.headers.getSetCookie()).toEqual([]);
    const kept = await engines.store.query<{ contact: string; receipt: string }>(
      'select contact, receipt from objections order by id desc limit 1',
    );
    const { contact = '', receipt = '' } = kept.rows[0] ?? {};
    expect(openCipher([TEST_KEY]).open(contact, `objection:${receipt}`).toString()).toBe(
      'citizen@example.com',
    );
  });

  test.each([
    ['no address', { addresses: '' }, problems.none],
    ['what is no address', { addresses: '不是网址' }, problems.malformed(1)],
    [
      'too many addresses',
      { addresses: Array.from({ length: 11 }, (_, n) => `https://a.example/${n}`).join('\n') },
      problems.many(10, 11),
    ],
    ['what a program fills in', { addresses: 'https://a.example/1', homepage: 'x' }, problems.trap],
  ])('refuses %s with a sentence, and keeps nothing', async (_, fields, sentence) => {
    const before = await objections();
    const sent = await submit(fields);
    expect(sent.status).toBe(400);
    expect(sent.html).toContain(sentence);
    expect(await objections()).toBe(before);
  });

  test('gives back what was typed', async () => {
    const sent = await submit({ addresses: '不是网址', reason: '<b>理由</b>', contact: 'a@example.com' });
    expect(sent.html).toContain('不是网址</textarea>');
    expect(sent.html).toContain('&lt;b>理由');
    expect(sent.html).toContain('value="a@example.com"');
  });

  test('is refused from another site', async () => {
    const before = await objections();
    const sent = await submit({ addresses: 'https://a.example/1' }, 'http://elsewhere.example');
    expect(sent.status).toBe(403);
    expect(await objections()).toBe(before);
  });

  test('is taken so many times a day from one place, and no more', async () => {
    const answers: number[] = [];
    for (let n = 0; n < 32; n += 1) {
      answers.push((await submit({ addresses: `https://often.example/${n}` })).status);
    }
    expect(answers.filter((status) => status === 303)).toHaveLength(30);
    expect(answers.slice(-2)).toEqual([429, 429]);
    expect((await submit({ addresses: 'https://often.example/x' })).html).toContain(problems.often);
    const senders = await engines.store.query<{ all: string }>(
      'select s::text as all from objection_senders s',
    );
    for (const row of senders.rows) expect(row.all).not.toContain('127.0.0.1');
  });

  test('of ten million bytes is answered with a sentence, whether it states its length or not', async () => {
    const body = `addresses=${'x'.repeat(10_000_000)}`;
    for (const stated of [true, false]) {
      const answer = await sendRaw(body, stated);
      expect(answer.status).toBe(413);
      expect(answer.html).toContain(problems.tooLarge);
    }
  });
});

/** A body in one piece with its length, or in pieces without one. */
function sendRaw(body: string, stated: boolean): Promise<{ status: number; html: string }> {
  return new Promise((resolve, reject) => {
    const request = send(
      `${web.address}/objection`,
      {
        method: 'POST',
        headers: {
          origin: web.address,
          'content-type': 'application/x-www-form-urlencoded',
          ...(stated && { 'content-length': Buffer.byteLength(body) }),
        },
      },
      (response) => {
        let html = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (html += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, html }));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

describe('a receipt', () => {
  test('that was never given is not found, however it is asked for', async () => {
    for (const typed of ['0000-0000-0000-0000', 'x', '..%2f..', '%00', 'A'.repeat(500)]) {
      const page = await fetch(`${web.address}/objection/${typed}`);
      expect(page.status, typed).toBe(404);
    }
  });

  test('is looked up by its number, as people write it', async () => {
    const { to } = await submit({ addresses: 'https://look.example/1' });
    const number = (to ?? '').split('/').at(-1) ?? '';
    const asked = await fetch(
      `${web.address}/objection?receipt=${number.toLowerCase().replaceAll('-', '+')}`,
      {
        redirect: 'manual',
      },
    );
    expect(asked.headers.get('location')).toBe(to);
    const wrong = await fetch(`${web.address}/objection?receipt=nothing`);
    expect(await wrong.text()).toContain(objectionMessages.lookUp.wrong);
  });
});

describe('the privacy page', () => {
  test('is open to everybody, without cookies and scripts, and names what the schema says', async () => {
    const page = await fetch(`${web.address}/privacy`);
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(page.headers.getSetCookie()).toEqual([]);
    expect(html).not.toContain('<script');
    expect(html).toContain(privacyMessages.classes['public-text']);
    expect(html).toContain(
      privacyMessages.kept('raw-text-days', { rawTextDays: 90, contactDays: 30, objectionDays: 1095 }),
    );
    expect(html).toContain('posts.text');
    expect(html).toContain(privacyMessages.clearing.never);
  });

  test('tells of the last clearing', async () => {
    await engines.store.query(
      `insert into retention_runs (office_id, day, finished_at, removed) values ($1, '2026-11-22', '2026-11-22T19:00:00Z', '{"posts": 1234}')`,
      [engines.officeId],
    );
    const html = await (await fetch(`${web.address}/privacy`)).text();
    expect(html).toContain(privacyMessages.clearing.last('2026-11-23 03:00', '1,234'));
  });
});
