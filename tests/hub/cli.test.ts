import { describe, expect, test } from 'vitest';
import { localSite } from '../crawler/fetch/local-site.ts';
import { articlePage, publish } from '../crawler/sources/visiting.ts';
import { jiansheng } from './run.ts';

describe('jiansheng', () => {
  test.each([[['help']], [[]]])('%j shows what there is, and succeeds', async (args) => {
    const { code, out } = await jiansheng(args);
    expect(code).toBe(0);
    for (const command of [
      'start',
      'crawl',
      'reindex',
      'doctor',
      'audit verify',
      'keys new',
      'keys rotate',
      'offices import',
      'try',
      'help',
    ])
      expect(out).toContain(command);
  });

  test.each(['strat', 'toString', '__proto__', 'constructor'])(
    '%s is no command: the usage goes to the error output',
    async (name) => {
      const { code, out, err } = await jiansheng([name]);
      expect(code).toBe(2);
      expect(out).toBe('');
      expect(err).toContain(`没有这个命令：${name}`);
      expect(err).toContain('用法：jiansheng <命令>');
    },
  );

  test('a wrong environment is told before anything is done', async () => {
    const { code, err } = await jiansheng(['help'], { env: { PORT: 'http', LOG_LEVEL: 'loud' } });
    expect(code).toBe(1);
    expect(err).toContain('PORT');
    expect(err).toContain('LOG_LEVEL');
    expect(err).not.toContain('    at ');
  });

  test('an option that does not exist is told without a trace of the program', async () => {
    const { code, err } = await jiansheng(['start', '--nonsense']);
    expect(code).toBe(1);
    expect(err).toContain('--nonsense');
    expect(err).not.toContain('    at ');
  });

  test('a hub.yaml that is not there stops the start', async () => {
    const { code, err } = await jiansheng(['start', '--config', '/nowhere/hub.yaml']);
    expect(code).toBe(1);
    expect(err).toContain('读不到配置文件 /nowhere/hub.yaml');
  });
});

describe('jiansheng crawl', () => {
  test.each([[[]], [['news.example.com']], [['ftp://a.example/']], [['http://']]])(
    '%j: usage',
    async (args) => {
      const { code, out, err } = await jiansheng(['crawl', ...args]);
      expect(code).toBe(2);
      expect(out).toBe('');
      expect(err).toContain('用法：jiansheng crawl');
    },
  );

  test('a page on this machine, which the person at the terminal names', async () => {
    const site = await localSite({ '/2026/1122/a1.html': articlePage(1) });
    const { code, out } = await jiansheng(['crawl', `${site.origin}/2026/1122/a1.html`]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      url: `${site.origin}/2026/1122/a1.html`,
      is: 'page',
      article: {
        title: '云州检察通报第1号',
        text: expect.stringContaining('第1号通报第1段'),
        publishedAt: '2026-11-22T00:01:00.000Z',
      },
    });
  });

  test('a list shows its links', async () => {
    const site = await localSite();
    publish(site, [6, 5, 4, 3, 2, 1], 3);
    const { code, out } = await jiansheng(['crawl', `${site.origin}/list/1.html`]);
    expect(code).toBe(0);
    const probe = JSON.parse(out) as { links: { url: string }[]; next: string };
    expect(probe.links.map(({ url }) => url)).toEqual(
      [6, 5, 4].map((n) => `${site.origin}/2026/1122/a${n}.html`),
    );
    expect(probe.next).toBe(`${site.origin}/list/2.html`);
  });

  test('a feed shows its entries', async () => {
    const item =
      '<item><title>通报</title><link>/1</link><description>&lt;b&gt;文字&lt;/b&gt;</description></item>';
    const body = `<rss version="2.0"><channel><title>云州日报</title>${item}</channel></rss>`;
    const site = await localSite({ '/feed': { headers: { 'content-type': 'application/rss+xml' }, body } });
    const { code, out } = await jiansheng(['crawl', `${site.origin}/feed`]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      is: 'feed',
      entries: [{ title: '通报', link: '/1', content: '文字' }],
    });
  });

  test('what is not got is told with its reason', async () => {
    const site = await localSite();
    const { code, out, err } = await jiansheng(['crawl', `${site.origin}/gone.html`]);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain('未能采集（status-4xx）');
  });

  test('where a page leads on to another address of this machine, it is not followed', async () => {
    const inside = await localSite({ '/secret': 'inside' });
    const site = await localSite({ '/a': { status: 302, headers: { location: `${inside.origin}/secret` } } });
    const { code, err } = await jiansheng(['crawl', `${site.origin}/a`]);
    expect(code).toBe(1);
    expect(err).toContain('address-blocked');
    expect(inside.paths).toEqual([]);
  });
});

describe('jiansheng try', () => {
  test.each([[[]], [['nonsense']]])('%j: which steps there are', async (args) => {
    const { code, err } = await jiansheng(['try', ...args], { input: '{}\n' });
    expect(code).toBe(2);
    expect(err).toContain('extract');
  });

  const line = (n: number) => JSON.stringify({ url: `https://a.example/${n}.html`, html: articlePage(n) });

  test('answers line by line', async () => {
    const { code, out, err } = await jiansheng(['try', 'extract'], { input: `${line(1)}\r\n\n${line(2)}` });
    expect(code).toBe(0);
    expect(err).toBe('');
    const answers = out
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each) as { title: string });
    expect(answers.map(({ title }) => title)).toEqual(['云州检察通报第1号', '云州检察通报第2号']);
  });

  test('a bad line in the middle is answered in its place, the others as ever', async () => {
    const input = [line(1), '{not JSON', '{"url":"https://a.example/"}', 'null', line(2), ''].join('\n');
    const { code, out } = await jiansheng(['try', 'extract'], { input });
    expect(code).toBe(1);
    const answers = out
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each) as { title?: string; error?: string });
    expect(answers).toHaveLength(5);
    expect(answers[0]?.title).toBe('云州检察通报第1号');
    expect(answers[1]).toEqual({ error: '第 2 行：不是有效的 JSON' });
    expect(answers[2]?.error).toMatch(/^第 3 行：/);
    expect(answers[3]?.error).toMatch(/^第 4 行：/);
    expect(answers[4]?.title).toBe('云州检察通报第2号');
  });

  test('no lines, no answers', async () => {
    expect(await jiansheng(['try', 'extract'])).toMatchObject({ code: 0, out: '' });
  });

  test('many long lines all arrive', async () => {
    const html = `${articlePage(1)}${'<p>补充说明。</p>'.repeat(2_000)}`;
    const input = `${JSON.stringify({ url: 'https://a.example/', html })}\n`.repeat(40);
    const { code, out } = await jiansheng(['try', 'extract'], { input });
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n')).toHaveLength(40);
  });
});
