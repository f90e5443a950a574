import { compile, TreeInterpreter, type JSONValue } from '@jmespath-community/jmespath';
import { secretNames } from '../../config/source-secrets.ts';
import type { ApiSettings } from '../../config/sources/api.ts';
import type { Draft } from '../../store/drafts.ts';
import { NotGot } from '../errors.ts';
import { canonicalUrl } from '../extract/canonical.ts';
import { readDate } from '../extract/dates.ts';
import { plainText } from '../extract/plain-text.ts';
import type { Conditional } from '../fetch/fetcher.ts';
import { firstRequest, nextRequest, paginationOf } from './api-pages.ts';
import { askList, withoutSecrets, type ListRequest } from './api-request.ts';
import type { VisitKind, VisitTools } from './contract.ts';

/** JSON over HTTP, its fields taken out by JMESPath, page after page. */
export const visitApi: VisitKind<'api'> = async (source, tools) => {
  const settings = source.settings as ApiSettings;
  if (secretNames(source).some((name) => !tools.secrets[name])) throw new NotGot('secret-missing');
  const pick = compileAll(settings);
  const item: ItemReader = { settings, pick, base: source.url, outlet: source.outlet ?? source.name, tools };
  const start = firstRequest(source.url, settings);
  let conditional: Conditional = { etag: null, lastModified: null };
  let request: ListRequest | null = start;
  let expected = 0;
  let got = 0;
  const seen = new Set<string>();
  while (request !== null && !seen.has(JSON.stringify(request)) && seen.size < settings.maxPages) {
    const { address }: ListRequest = request;
    const first = seen.size === 0;
    seen.add(JSON.stringify(request));
    let page: ListPage | null;
    try {
      page = await readPage(request, item, first && !tools.deep ? tools.conditional : undefined);
    } catch (error) {
      // Without its first page there is no list; behind it, what was got so far stays.
      if (first || !(error instanceof NotGot)) throw error;
      tools.missed(address, error);
      break;
    }
    if (page === null) return { unchanged: true };
    if (first) conditional = page.conditional;
    const drafts: Draft[] = [];
    for (const one of page.items) {
      expected += 1;
      try {
        drafts.push(draftOf(one, item));
      } catch (error) {
        tools.missed(address, error instanceof NotGot ? error : new NotGot('item-broken', { cause: error }));
      }
    }
    const unknown = await tools.unknown(drafts.map((draft) => draft.externalId ?? draft.url));
    await tools.emit(drafts);
    got += drafts.length;
    if (unknown.size === 0 && !tools.deep) break;
    const read = { items: page.items.length, next: page.next };
    request = nextRequest(start, settings, read, seen.size - 1, expected, tools.secrets);
  }
  return { unchanged: false, expected, got, conditional };
};

type ItemReader = {
  settings: ApiSettings;
  pick: Pick;
  /** Of addresses that the items give relative to it. */
  base: string;
  outlet: string;
  tools: VisitTools;
};

type ListPage = { items: JSONValue[]; next: JSONValue; conditional: Conditional };

/**
 * Null when the page has not changed.
 * @throws NotGot; `no-items` where the answer has no list in its place, which is not the same as an empty one
 */
async function readPage(
  request: ListRequest,
  { settings, pick, tools }: ItemReader,
  condition: Conditional | undefined,
): Promise<ListPage | null> {
  const answer = await askList(request, settings, tools, condition);
  if (answer === null) return null;
  const body = answer.body as JSONValue;
  const items = pick(settings.items, body);
  if (!Array.isArray(items)) throw new NotGot('no-items');
  const pagination = paginationOf(settings);
  const next = pagination?.kind === 'cursor' ? pick(pagination.next, body) : null;
  return { items, next, conditional: answer.conditional };
}

type Pick = (expression: string, from: JSONValue) => JSONValue;

/** Expressions were checked with the settings; each is compiled once a visit. */
function compileAll(settings: ApiSettings): Pick {
  const pagination = paginationOf(settings);
  const next = pagination?.kind === 'cursor' ? pagination.next : undefined;
  const all = [settings.items, next, ...Object.values(settings.fields)].filter((each) => each !== undefined);
  const compiled = new Map(all.map((expression) => [expression, compile(expression)]));
  return (expression, from) => {
    const tree = compiled.get(expression);
    return tree === undefined ? null : TreeInterpreter.search(tree, from);
  };
}

function draftOf(item: JSONValue, { settings, pick, base, outlet, tools }: ItemReader): Draft {
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
  const line = (expression: string | undefined) => plainText(string(expression) ?? '') || null;
  const addressIn = (expression: string | undefined) => {
    const url = canonicalUrl(string(expression) ?? '', base);
    return url === null || string(expression) === null ? null : withoutSecrets(url, tools.secrets);
  };
  const id = string(fields.id);
  const byTemplate =
    id === null || settings.urlTemplate === undefined
      ? null
      : canonicalUrl(settings.urlTemplate.replace('{id}', () => encodeURIComponent(id)));
  const url = addressIn(fields.url) ?? byTemplate;
  if (url === null) throw new NotGot('no-address');
  const text = plainText(string(fields.text) ?? '');
  if (text === '') throw new NotGot('no-text');
  const date = string(fields.publishedAt);
  return {
    kind: settings.kindOfPost ?? 'post',
    url,
    externalId: id,
    parentUrl: addressIn(fields.parentUrl),
    title: line(fields.title),
    text,
    publishedAt: date === null ? null : readDate(date, tools.now),
    outlet: line(fields.outlet) ?? outlet,
    counts: { likes: count(fields.likes), comments: count(fields.comments), shares: count(fields.shares) },
  };
}

const isPlain = (value: JSONValue): value is string | number =>
  typeof value === 'string' || typeof value === 'number';
