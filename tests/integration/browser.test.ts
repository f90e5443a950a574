import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer as createPlainServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { BrowserKeeper, type BrowserSettings } from '../../crawler/browser/keeper.ts';
import type { RenderSettings } from '../../crawler/browser/rendered-reader.ts';
import { AddressGuard } from '../../crawler/fetch/address-guard.ts';
import type { PageReader } from '../../crawler/sources/contract.ts';
import { chromium } from '../../hub/engines/chromium.ts';
import type { Draft } from '../../store/drafts.ts';
import { visitSource } from '../../crawler/visit.ts';
import { articlePage, articleText, now, sourceOf } from '../crawler/sources/visiting.ts';
import { codeOf, localSite, openFetcher, type LocalSite } from '../crawler/fetch/local-site.ts';

const settings: BrowserSettings = {
  find: chromium,
  guard: new AddressGuard(['127.0.0.1']),
  userAgent: 'Mozilla/5.0 (compatible; JianshengBot/0.1; +test)',
  maxPageMegabytes: 1,
};

/** The browser of the tests that need none of their own. */
const shared = new BrowserKeeper(settings);
afterAll(() => shared.close());

/** A keeper whose browser may reach one site on this machine, by its port, and nothing else here. */
function keeperFor(site: LocalSite, changes: Partial<BrowserSettings> = {}): BrowserKeeper {
  const keeper = new BrowserKeeper({ ...settings, guard: new AddressGuard([site.host]), ...changes });
  onTestFinished(() => keeper.close());
  return keeper;
}

type Rendered = NonNullable<Awaited<ReturnType<PageReader['getText']>>>;

async function render(
  site: LocalSite,
  path: string,
  how: Partial<RenderSettings> = {},
  keeper = shared,
): Promise<Rendered> {
  const fetcher = openFetcher({ allowPrivateHosts: [site.host] });
  const got = await keeper.visit(fetcher, fetcher, (rendering) =>
    rendering({ scroll: 0, ...how }).getText(`${site.origin}${path}`),
  );
  if (got === null) throw new Error('nothing came');
  return got;
}

const page = (script: string, body = '') =>
  `<!doctype html><html><head><title>民意直通车</title></head><body><ul id="list"></ul>${body}<script>${script}</script></body></html>`;

/** Adds so many lines to the list. */
const ADD = `let n=0;const add=(k)=>{while(k--){const li=document.createElement('li');li.textContent='第'+(++n)+'件';document.getElementById('list').append(li)}};`;

const lines = (text: string): number => text.match(/<li>/g)?.length ?? 0;

describe('a page that scripts fill in', () => {
  test('is read as a person would see it, and the hub says who it is with all that is asked for', async () => {
    const site = await localSite({
      '/': page(
        `fetch('/list.json').then((r)=>r.json()).then((all)=>{for(const one of all)list.innerHTML+='<a href="'+one.url+'">'+one.title+'</a>'})`,
      ),
      '/list.json': {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([{ url: '/a1.html', title: '群众反映的一件事情' }]),
      },
    });
    expect((await render(site, '/')).text).toContain('<a href="/a1.html">群众反映的一件事情</a>');
    expect(site.paths).toEqual(['/', '/list.json']);
    expect(site.headers.map((each) => each['user-agent']?.includes('JianshengBot'))).toEqual([true, true]);
  });

  test('is waited for where the settings name what it is complete with', async () => {
    const site = await localSite({
      '/': page(`${ADD} setTimeout(()=>{add(3);list.className='ready'}, 1500)`),
    });
    expect(lines((await render(site, '/', { waitFor: 'ul.ready' })).text)).toBe(3);
  });

  test('loads more when its button is pressed, as often as the settings say and no longer than there is more', async () => {
    const site = await localSite({
      '/': page(
        `${ADD} add(2); more.onclick=()=>{setTimeout(()=>{add(2);if(n>7)more.remove()},100)}`,
        '<button id="more">更多</button>',
      ),
    });
    const keeper = shared;
    expect(lines((await render(site, '/', { more: { selector: '#more', times: 2 } }, keeper)).text)).toBe(6);
    expect(lines((await render(site, '/', { more: { selector: '#more', times: 9 } }, keeper)).text)).toBe(8);
  });

  test('loads more when it is scrolled', async () => {
    const site = await localSite({
      '/': page(`${ADD} add(200); addEventListener('scroll',()=>{if(n<300)add(50)})`),
    });
    expect(lines((await render(site, '/', { scroll: 2 })).text)).toBe(300);
  });

  test('and leads on by script is followed, after robots.txt was asked', async () => {
    const site = await localSite({
      '/': page(`location.href='/list'`),
      '/list': { status: 302, headers: { location: '/list/1' } },
      '/list/1': page(`${ADD} add(4)`),
    });
    const got = await render(site, '/', { waitFor: 'li' });
    expect([got.url, lines(got.text)]).toEqual([`${site.origin}/list/1`, 4]);
    site.routes['/robots.txt'] = 'User-agent: *\nDisallow: /list';
    expect(await codeOf(render(site, '/', { waitFor: 'li' }))).toBe('robots-disallow');
  });

  test('keeps nothing from one visit to the next', async () => {
    const site = await localSite({
      '/': page(
        `document.title=document.cookie+localStorage.seen; document.cookie='seen=1'; localStorage.seen=1`,
      ),
    });
    for (let n = 0; n < 2; n += 1) {
      expect((await render(site, '/')).text).toContain('<title>undefined</title>');
    }
    expect(site.headers.some((each) => each.cookie)).toBe(false);
  });
});

describe('a page gets nothing', () => {
  test('of this machine and its network but the site itself, by whatever way it tries', async () => {
    const inner = await localSite({ '/': 'secret', '/x.js': 'document.title="secret"' });
    const packets: unknown[] = [];
    const udp = createSocket('udp4').on('message', (message) => packets.push(message));
    udp.bind(0, '127.0.0.1');
    await once(udp, 'listening');
    let touched = 0;
    const tcp = createPlainServer((socket) => {
      touched += 1;
      socket.on('error', () => {}).end('secret');
    }).listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    onTestFinished(() => void (udp.close(), tcp.close()));
    const port = (tcp.address() as AddressInfo).port;
    const targets = [
      `http://${inner.host}`,
      `http://localhost:${port}`,
      `http://[::1]:${port}`,
      `http://[::ffff:127.0.0.1]:${port}`,
      `https://127.0.0.1:${port}`,
      'http://169.254.169.254/latest/meta-data',
      'http://10.0.0.1',
    ];
    const tries = targets
      .map(
        (target) => `
      fetch('${target}/').then((r)=>r.text()).then((t)=>seen.push(t),()=>{});
      fetch('${target}/',{mode:'no-cors'}).then(()=>seen.push('opaque'),()=>{});
      for (const tag of ['img','iframe','script','embed','audio','link'])
        { const e=document.createElement(tag); e.src=e.href='${target}/x.js'; e.rel='stylesheet'; document.body.append(e); }
      try { new WebSocket('${target.replace('http', 'ws')}/').onopen=()=>seen.push('socket') } catch {}
      try { new EventSource('${target}/').onopen=()=>seen.push('events') } catch {}
      try { new Worker(URL.createObjectURL(new Blob(["fetch('${target}/',{mode:'no-cors'}).then(()=>postMessage(1))"]))).onmessage=()=>seen.push('worker') } catch {}
      navigator.sendBeacon('${target}/','x'); window.open('${target}/');`,
      )
      .join('');
    const site = await localSite({
      '/': page(
        `window.seen=[]; ${tries}
        try { const pc=new RTCPeerConnection({iceServers:[{urls:'stun:127.0.0.1:${udp.address().port}'}]}); pc.createDataChannel('x'); pc.createOffer().then((o)=>pc.setLocalDescription(o)) } catch {}
        fetch('/same').then((r)=>r.text()).then((t)=>{ setTimeout(()=>{list.innerHTML='<li>'+t+'</li>'; document.title='seen:'+seen.join()}, 2500) })`,
      ),
      '/same': '同一网站',
      '/moved': { status: 302, headers: { location: `http://${inner.host}/` } },
    });
    const keeper = keeperFor(site);
    const { text } = await render(site, '/', { waitFor: 'li' }, keeper);
    // The site itself is reached through the same proxy: what was refused was refused for its address.
    expect(text).toContain('<li>同一网站</li>');
    expect(/<title>(.*?)<\/title>/.exec(text)?.[1]).toBe('seen:');
    expect(text).not.toContain('secret');
    expect([inner.paths, touched, packets.length]).toEqual([[], 0, 0]);
    expect(await codeOf(render(site, '/moved', {}, keeper))).toBe('address-blocked');
  });

  test('by leading the browser itself there, by script, form or meta element', async () => {
    const inner = await localSite({ '/': 'secret' });
    const site = await localSite({
      '/script': page(`location.href='http://${inner.host}/'`),
      '/meta': `<meta http-equiv="refresh" content="0;url=http://${inner.host}/">`,
      '/form': page(
        `document.forms[0].submit()`,
        `<form method="post" action="http://${inner.host}/"><input name="a"></form>`,
      ),
    });
    const keeper = keeperFor(site);
    expect(await codeOf(render(site, '/script', {}, keeper))).toBe('address-blocked');
    expect(await codeOf(render(site, '/meta', {}, keeper))).toBe('address-blocked');
    expect((await render(site, '/form', {}, keeper)).text).not.toContain('secret');
    expect(inner.paths).toEqual([]);
  });

  test('that is picture, font, film, frame, or a counter of visitors', async () => {
    const site = await localSite({
      '/': page(
        `navigator.sendBeacon('/beacon'); document.fonts.load('1em f')`,
        `<style>@font-face{font-family:f;src:url(/font.woff2)} body{font-family:f;background:url(/back.png)}</style>
         <img src="/a.png"><video src="/a.mp4"></video><iframe src="/frame"></iframe><link rel="prefetch" href="/next">
         <a ping="/ping" href="/x">x</a><script src="/app.js"></script>`,
      ),
      '/app.js': `${ADD} add(1)`,
    });
    expect(lines((await render(site, '/')).text)).toBe(1);
    expect(site.paths).toEqual(['/', '/app.js']);
  });
});

test('what people have stopped is asked for nothing, not by a script either', async () => {
  const other = await localSite({ '/x.js': `document.title='reached'` });
  const site = await localSite({ '/': page('', `<script src="${other.origin}/x.js"></script>`) });
  let hosts: string[] = [];
  const fetcher = openFetcher().heeding(async () => ({ all: false, hosts }));
  const title = () =>
    shared.visit(fetcher, fetcher, async (rendering) => {
      const got = await rendering({ scroll: 0 }).getText(`${site.origin}/`);
      return /<title>(.*?)<\/title>/.exec(got?.text ?? '')?.[1];
    });
  expect(await title()).toBe('reached');
  hosts = [other.host];
  // What is known of the stops is no more than a second old.
  await sleep(1_100);
  expect(await title()).toBe('民意直通车');
  hosts = [site.host];
  await sleep(1_100);
  expect(await codeOf(title())).toBe('stopped');
  expect([site.paths.length, other.paths.length]).toEqual([2, 1]);
});

describe('a visit', () => {
  const articles = [1, 2, 3];
  const visitWith = async (site: LocalSite, told: object) => {
    const drafts: Draft[] = [];
    const fetcher = openFetcher({ allowPrivateHosts: [site.host] });
    const report = await visitSource(
      sourceOf('browser', `${site.origin}/#/list`, { scroll: 0, renderArticles: false, ...told }),
      {
        fetcher,
        browser: shared,
        now,
        deep: false,
        unknown: async (items) => new Set(items),
        emit: async (more) => void drafts.push(...more),
      },
    );
    return { report, drafts };
  };

  test('renders the list and reads the articles plainly', async () => {
    const site = await localSite({
      '/': page(
        `for (const n of ${JSON.stringify(articles)}) list.innerHTML+='<li><a href="/2026/1122/a'+n+'.html">云州检察通报第'+n+'号：案件办理情况</a></li>'`,
      ),
      ...Object.fromEntries(articles.map((n) => [`/2026/1122/a${n}.html`, articlePage(n)])),
    });
    const { report, drafts } = await visitWith(site, {});
    expect(report).toMatchObject({ outcome: 'complete', expected: 3, got: 3 });
    expect(drafts.map((draft) => draft.text).sort()).toEqual(articles.map(articleText).sort());
  });

  test('renders articles too where they need it, each at its own route of one page', async () => {
    const site = await localSite({
      '/': page(
        `const show=()=>{const n=/detail\\/(\\d)/.exec(location.hash)?.[1]; document.body.innerHTML = n
           ? '<h1>云州检察通报第'+n+'号</h1><p>2026-11-22 08:0'+n+'</p><div class="text">'+texts[n]+'</div>'
           : Object.keys(texts).map((n)=>'<li><a href="#/detail/'+n+'">云州检察通报第'+n+'号：案件办理情况</a></li>').join('')};
         const texts=${JSON.stringify(Object.fromEntries(articles.map((n) => [n, articleText(n).replaceAll('\n', '<br>')])))}; show()`,
      ),
    });
    const { report, drafts } = await visitWith(site, {
      list: { maxPages: 1, link: 'li a' },
      renderArticles: true,
    });
    expect(report).toMatchObject({ outcome: 'complete', expected: 3, got: 3 });
    expect(drafts.map((draft) => [draft.url, draft.text]).sort()).toEqual(
      articles.map((n) => [`${site.origin}/#/detail/${n}`, articleText(n)]),
    );
  });

  test('without a browser tells that there is none', async () => {
    const site = await localSite({ '/': page('') });
    const fetcher = openFetcher({ allowPrivateHosts: [site.host] });
    const report = await visitSource(
      sourceOf('browser', `${site.origin}/`, { scroll: 0, renderArticles: false }),
      {
        fetcher,
        now,
        deep: false,
        unknown: async (items) => new Set(items),
        emit: async () => {},
      },
    );
    expect(report).toMatchObject({ outcome: 'failed', reason: 'browser-absent' });
  });
});

describe('a browser', () => {
  /** Every Chromium on this machine that a process of this test file has started: its command line names our proxy. */
  const running = (mark: string): string[] =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => {
        try {
          return readFileSync(join('/proc', pid, 'cmdline'), 'utf8').includes(mark);
        } catch {
          return false;
        }
      });
  const gone = async (mark: string) => {
    while (running(mark).length > 0) await sleep(100);
  };

  test('that is not there, or is none, is a recorded reason', async () => {
    const site = await localSite({ '/': page('') });
    const absent = keeperFor(site, { find: () => Promise.reject(new Error('none')) });
    expect(await codeOf(render(site, '/', {}, absent))).toBe('browser-absent');
    const broken = keeperFor(site, { find: async () => ({ path: '/bin/false', args: [], env: {} }) });
    expect(await codeOf(render(site, '/', {}, broken))).toBe('browser-failed');
  });

  test('is started when a page needs it and closed when none has for a while', async () => {
    const site = await localSite({ '/': page(`${ADD} add(1)`), '/data.json': '{}' });
    const keeper = keeperFor(site, { idleMs: 200 });
    expect(keeper.isRunning).toBe(false);
    for (let n = 0; n < 2; n += 1) {
      expect(lines((await render(site, '/', {}, keeper)).text)).toBe(1);
      expect(keeper.isRunning).toBe(true);
      while (keeper.isRunning) await sleep(50);
    }
  });

  test('whose page never ends, crashes or grows without end is a recorded reason, and the next page is read', async () => {
    const site = await localSite({
      '/endless': page(`for(;;);`),
      '/hungry': page(`const all=[];for(;;)all.push(new Array(1e6).fill(all.length))`),
      '/long': page(
        `for(;;){try{document.body.append('x'.repeat(1e6));if(document.body.textContent.length>3e6)break}catch{}}`,
      ),
      '/': page(`${ADD} add(1)`),
    });
    const impatient = keeperFor(site, { pageMs: 2_000 });
    expect(await codeOf(render(site, '/endless', {}, impatient))).toBe('browser-failed');
    expect(await codeOf(render(site, '/hungry'))).toBe('browser-failed');
    expect(await codeOf(render(site, '/long'))).toBe('too-large');
    expect(lines((await render(site, '/')).text)).toBe(1);
  });

  test('that is killed is started anew', async () => {
    const site = await localSite({ '/': page(`${ADD} add(1)`) });
    let pid = 0;
    const keeper = keeperFor(site, { started: (id) => (pid = id ?? 0) });
    await render(site, '/', {}, keeper);
    process.kill(pid, 'SIGKILL');
    await sleep(300);
    expect(lines((await render(site, '/', {}, keeper)).text)).toBe(1);
  });

  test('leaves no process behind when the worker is killed', async () => {
    const mark = `--jiansheng-test-${process.pid}`;
    const site = await localSite({ '/': page(`for(;;);`) });
    const worker = spawn(
      process.execPath,
      [join(import.meta.dirname, '..', 'support', 'render-forever.ts'), site.origin, mark],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    onTestFinished(() => void worker.kill('SIGKILL'));
    // Its own command line has the mark too.
    while (running(mark).length < 2) await sleep(100);
    worker.kill('SIGKILL');
    await once(worker, 'exit');
    await gone(mark);
  });
});
