import { compile, selectAll, selectOne } from 'css-select';
import type { Element } from 'domhandler';
import { textContent } from 'domutils';
import { parseDocument } from 'htmlparser2';
import { Agent, request } from 'undici';
import type { Crawl, SideResult } from './sides.ts';

/**
 * `node bare-loop.ts <address of the first list page>`: what is left of crawling without any of its duties. Sixteen
 * requests at a time, each answer taken for UTF-8 and parsed into a tree, of which title, text, date, outlet and links are
 * taken by the selectors that every side has. No robots.txt, no pace, no retries, no limits, no encodings. Crawls the site
 * twice; prints one line of JSON.
 */
const PARALLEL = 16;

type Found = { title: string; text: string; outlet: string; date: string | null; links: string[] };

const wanted = {
  title: compile('h1'),
  text: compile('.text'),
  date: compile('.info'),
  outlet: compile('.info span:last-child'),
  links: compile('ul.list a, .pages a'),
};

function read(html: string, url: string): Found {
  const tree = parseDocument(html);
  const one = (query: typeof wanted.title) => textContent(selectOne(query, tree) ?? []);
  const hrefs = selectAll(wanted.links, tree).flatMap(
    (link) => (link as unknown as Element).attribs['href'] ?? [],
  );
  return {
    title: one(wanted.title),
    text: textContent(selectAll(wanted.text, tree)),
    date: /\d{4}-\d\d-\d\d \d\d:\d\d/.exec(one(wanted.date))?.[0] ?? null,
    outlet: one(wanted.outlet),
    links: hrefs.map((href) => new URL(href, url).href),
  };
}

const agent = new Agent({ connections: PARALLEL });
async function get(url: string): Promise<Found> {
  const { body } = await request(url, { dispatcher: agent });
  return read(await body.text(), url);
}

const first = process.argv[2] ?? '';
const crawls = [await crawl(), await crawl()];
const result: SideResult = { crawls, megabytes: process.resourceUsage().maxRSS / 1000 };
console.log(JSON.stringify(result));
await agent.destroy();

async function crawl(): Promise<Crawl> {
  const started = performance.now();
  const before = process.cpuUsage();
  const articles = new Set<string>();
  for (let list: string | undefined = first; list !== undefined;) {
    const { links } = await get(list);
    for (const link of links) if (link.includes('/art/')) articles.add(link);
    const here: string = list;
    const number = (address: string) => Number(/\/list\/(\d+)/.exec(address)?.[1]);
    list = links.find((link) => number(link) === number(here) + 1);
  }
  const queue = [...articles];
  let pages = 0;
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (let url = queue.shift(); url !== undefined; url = queue.shift()) {
        const { title, text, outlet, date } = await get(url);
        if (title !== '' && text.length > 100 && outlet !== '' && date !== null) pages += 1;
      }
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return { pages, seconds: (performance.now() - started) / 1000, cpuSeconds: (user + system) / 1e6 };
}
