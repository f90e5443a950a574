import { ingest } from '../../../indexer/ingest.ts';
import type { Draft } from '../../../store/drafts.ts';
import { openStore, type Store } from '../../../store/pool.ts';
import { oneOffice, scoped } from '../../../store/scope.ts';
import type { BenchSource } from '../sources.ts';
import { SOURCE_LINES } from './phrases.ts';

/** What comes of one page, and which of them is stored first. */
type Item = { page: number; name: string; text: string };

const AT = Date.UTC(2026, 10, 3);

/**
 * Sends pages and their reprints through the steps into the database and looks at the links.
 * @returns F1 of the pairs
 */
export async function measureReprints(
  appUrl: string,
  [source, other]: [BenchSource, BenchSource],
  pages: readonly string[],
  say: (line: string) => void,
): Promise<number> {
  const pool = openStore(appUrl, 'bench');
  const store = scoped(pool, oneOffice(source.officeId));
  try {
    const texts = storiesOf(pages);
    say(
      `${pages.length - texts.length} of ${pages.length} pages tell what another one tells, and are left out`,
    );
    const originals = texts.map((text, page): Item => ({ page, name: 'original', text }));
    const early = originals.filter(({ page }) => page % 2 === 0);
    const late = originals.filter(({ page }) => page % 2 === 1);
    await send(store, source, early, AT);
    const reprints = texts.flatMap((text, page) => reprintsOf(text, page));
    // Each by itself and others in between, as they come.
    const rest = [...late, ...reprints].sort((a, b) => a.name.localeCompare(b.name, 'en') || a.page - b.page);
    const ordered = [...late, ...rest.filter(({ name }) => name !== 'original')];
    await send(store, other, ordered, AT + 86_400_000);
    return await judge(store, [...early, ...ordered], texts.length, say);
  } finally {
    await pool.end();
  }
}

/** Characters in a run that two texts have in common, and the share of such runs from which on they are one story. */
const RUN = 6;
const ONE_STORY = 0.5;

/** Pages that no other one tells in the same words: the set holds agency reports that several sites have printed. */
function storiesOf(pages: readonly string[]): string[] {
  const stories: { text: string; runs: Set<string> }[] = [];
  for (const text of pages) {
    const bare = text.replace(/[^\p{L}\p{N}]/gu, '');
    const runs = new Set(
      Array.from({ length: Math.max(1, bare.length - RUN) }, (_, n) => bare.slice(n, n + RUN)),
    );
    const told = stories.some((other) => {
      const [short, long] = other.runs.size < runs.size ? [other.runs, runs] : [runs, other.runs];
      return [...short].filter((run) => long.has(run)).length >= ONE_STORY * short.size;
    });
    if (!told) stories.push({ text: text.trim(), runs });
  }
  return stories.map(({ text }) => text);
}

function addressOf({ page, name }: Item): string {
  return `http://pages.example/${page}/${name}`;
}

async function send(store: Store, source: BenchSource, items: readonly Item[], from: number): Promise<void> {
  for (let at = 0; at < items.length; at += 50) {
    const drafts = items.slice(at, at + 50).map((item, n): Draft => {
      return {
        ...{
          kind: 'article',
          url: addressOf(item),
          externalId: null,
          parentUrl: null,
          text: item.text,
          outlet: null,
        },
        title: `${item.name}：${item.page}`,
        publishedAt: from + 1_000 * (at + n),
        counts: { likes: null, comments: null, shares: null },
      };
    });
    const { refused } = await ingest(store, source, drafts, from + 86_400_000);
    if (refused.length > 0)
      throw new Error(`${refused.length} pages were refused`, { cause: refused[0]?.why });
  }
}

function reprintsOf(text: string, page: number): Item[] {
  const line = SOURCE_LINES[page % SOURCE_LINES.length] as string;
  const cut = (share: number) => {
    const from = Math.floor(text.length * share);
    return text.slice(0, from) + text.slice(from + Math.floor(text.length / 3));
  };
  // Where the third is cut: somewhere, another place for every page.
  const place = ((page * 0.618_033_988_75) % 1) * (2 / 3);
  return [
    { page, name: 'title', text },
    { page, name: 'source-line', text: page % 2 === 0 ? `${line}\n${text}` : `${text}\n${line}` },
    { page, name: 'cut', text: cut(place) },
    { page, name: 'cut-and-source-line', text: `${cut(2 / 3 - place)}\n${line}` },
    { page, name: 'first-third-cut', text: cut(0) },
    { page, name: 'last-third-cut', text: cut(2 / 3) },
  ];
}

async function judge(
  store: Store,
  items: readonly Item[],
  pages: number,
  say: (line: string) => void,
): Promise<number> {
  const found = await store.query<{ url: string; first: string | null }>(
    `select p.url, f.url as first from posts p left join posts f on f.id = p.copy_of where p.url like 'http://pages.example/%'`,
  );
  const first = new Map(found.rows.map((row) => [row.url, row.first]));
  const lost = new Set(items.filter((item) => !first.has(addressOf(item))).map(({ page }) => page));
  const count = { right: 0, wrong: 0, missed: 0 };
  const byName = new Map<string, typeof count>();
  for (const item of items) {
    if (lost.has(item.page)) continue;
    const linked = first.get(addressOf(item)) ?? null;
    const each = byName.get(item.name) ?? { right: 0, wrong: 0, missed: 0 };
    byName.set(item.name, each);
    const right = item.name !== 'original' && linked === addressOf({ ...item, name: 'original' });
    for (const counts of [count, each]) {
      if (right) counts.right += 1;
      else if (linked !== null) counts.wrong += 1;
      if (item.name !== 'original' && !right) counts.missed += 1;
    }
  }
  console.table(Object.fromEntries(byName));
  const precision = count.right / (count.right + count.wrong);
  const recall = count.right / (count.right + count.missed);
  say(
    `${lost.size} of ${pages} pages are counted only, as a minor is their subject; of the others: precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}`,
  );
  return Number(((2 * precision * recall) / (precision + recall)).toFixed(4));
}
