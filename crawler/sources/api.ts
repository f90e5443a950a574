import { compile, TreeInterpreter, type JSONValue } from '@jmespath-community/jmespath';
import type { ApiSource } from '../../config/sources.ts';
import type { Draft } from '../../store/drafts.ts';
import { NotGot } from '../errors.ts';
import { canonicalUrl } from '../extract/canonical.ts';
import { readDate } from '../extract/dates.ts';
import { plainText } from '../extract/plain-text.ts';
import type { Conditional } from '../fetch/fetcher.ts';
import type { VisitKind, VisitTools } from './contract.ts';

type Settings = ApiSource['settings'];

/** JSON over HTTP, its fields taken out by JMESPath, page after page by a cursor. */
export const visitApi: VisitKind<'api'> = async (source, tools) => {
  const settings = source.settings as Settings;
  const pick = compileAll(settings);
  let conditional: Conditional = { etag: null, lastModified: null };
  let address: string | null = source.url;
  let expected = 0;
  let got = 0;
  const seen = new Set<string>();
  while (address !== null && !seen.has(address) && seen.size < settings.maxPages) {
    const first = seen.size === 0;
    seen.add(address);
    let page: ListPage | null;
    try {
      const condition = first && !tools.deep ? tools.conditional : undefined;
      page = await readPage(address, settings, pick, tools, condition);
    } catch (error) {
      // Without its first page there is no list; behind it, what was got so far stays.
      if (first || !(error instanceof NotGot)) throw error;
      tools.missed(address, error);
      break;
    }
    if (page === null) return { unchanged: true };
    if (first) conditional = page.conditional;
    const drafts: Draft[] = [];
    for (const item of page.items) {
      expected += 1;
      try {
        drafts.push(draftOf(item, settings, pick, source.outlet ?? source.name, tools.now));
      } catch (error) {
        tools.missed(address, error instanceof NotGot ? error : new NotGot('item-broken', { cause: error }));
      }
    }
    const unknown = await tools.unknown(drafts.map((draft) => draft.externalId ?? draft.url));
    await tools.emit(drafts);
    got += drafts.length;
    if (page.items.length === 0 || (unknown.size === 0 && !tools.deep)) break;
    address = page.cursor === null ? null : withParam(source.url, settings.nextParam, page.cursor);
  }
  return { unchanged: false, expected, got, conditional };
};

type ListPage = { items: JSONValue[]; cursor: string | null; conditional: Conditional };

/** Null when the page has not changed. @throws NotGot */
async function readPage(
  address: string,
  settings: Settings,
  pick: Pick,
  tools: VisitTools,
  condition: Conditional | undefined,
): Promise<ListPage | null> {
  const page = await tools.fetcher.getText(address, condition);
  if (page === null) return null;
  const body = parseJson(page.text);
  const items = pick(settings.items, body);
  if (!Array.isArray(items)) throw new NotGot('no-items');
  const next: JSONValue = settings.next ? pick(settings.next, body) : null;
  return {
    items,
    // No list goes on at nought: it stands for "no more".
    cursor: isPlain(next) && !['', '0'].includes(String(next)) ? String(next) : null,
    conditional: { etag: page.etag, lastModified: page.lastModified },
  };
}

type Pick = (expression: string, from: JSONValue) => JSONValue;

/** Expressions were checked with the settings; each is compiled once a visit. */
function compileAll(settings: Settings): Pick {
  const all = [settings.items, settings.next, ...Object.values(settings.fields)].filter(
    (each) => each !== undefined,
  );
  const compiled = new Map(all.map((expression) => [expression, compile(expression)]));
  return (expression, from) => {
    const tree = compiled.get(expression);
    return tree === undefined ? null : TreeInterpreter.search(tree, from);
  };
}

function parseJson(text: string): JSONValue {
  try {
    return JSON.parse(text) as JSONValue;
  } catch {
    // The parser's own message quotes the page: it goes no further.
    throw new NotGot('not-json');
  }
}

function draftOf(item: JSONValue, settings: Settings, pick: Pick, outlet: string, now: number): Draft {
  const { fields } = settings;
  const string = (expression: string | undefined) => {
    const value = expression === undefined ? null : pick(expression, item);
    // An empty string says as little as none: it is no id, and no count of nought.
    return isPlain(value) && String(value).trim() !== '' ? String(value) : null;
  };
  const count = (expression: string | undefined) => {
    const value = Number(string(expression) ?? Number.NaN);
    return Number.isSafeInteger(value) && value >= 0 && value < 2 ** 31 ? value : null;
  };
  const id = string(fields.id);
  const url = id === null ? null : canonicalUrl(settings.urlTemplate.replace('{id}', encodeURIComponent(id)));
  if (url === null) throw new NotGot('no-address');
  const text = plainText(string(fields.text) ?? '');
  if (text === '') throw new NotGot('no-text');
  const date = string(fields.publishedAt);
  return {
    kind: 'post',
    url,
    externalId: id,
    parentUrl: null,
    title: fields.title === undefined ? null : plainText(string(fields.title) ?? '') || null,
    text,
    publishedAt: date === null ? null : readDate(date, now),
    outlet,
    counts: { likes: count(fields.likes), comments: count(fields.comments), shares: count(fields.shares) },
  };
}

const isPlain = (value: JSONValue): value is string | number =>
  typeof value === 'string' || typeof value === 'number';

function withParam(address: string, name: string, value: string): string {
  const url = new URL(address);
  url.searchParams.set(name, value);
  return url.href;
}
