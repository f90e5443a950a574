import { compile, TreeInterpreter, type JSONValue } from '@jmespath-community/jmespath';
import { NotGot } from '../../../crawler/errors.ts';
import { extractPage } from '../../../crawler/extract/article.ts';
import { findDate } from '../../../crawler/extract/dates.ts';
import { parsePage } from '../../../crawler/extract/dom.ts';
import { feedEntries } from '../../../crawler/extract/feed-document.ts';
import { furtherPages } from '../../../crawler/extract/further-pages.ts';
import { jsonShape } from '../../../crawler/extract/json-shape.ts';
import { articleLinks, nextPage } from '../../../crawler/extract/links.ts';
import { plainText } from '../../../crawler/extract/plain-text.ts';
import { extractBySelectors } from '../../../crawler/extract/selectors.ts';
import { decodeBody } from '../../../crawler/fetch/encoding.ts';
import type { HostileInput } from './inputs.ts';

const now = Date.parse('2026-11-22T12:00:00+08:00');
const url = 'https://daily.example/2026/1122/a.html';
const ITEMS = compile('items[*].{id: id, text: content_html} || [*]');

/**
 * Reads an input in every way in which the crawler reads what a server sends.
 * @returns what is wrong with what came of it; empty: nothing
 */
export function faultsOf({ bytes, contentType }: HostileInput): string[] {
  const faults: string[] = [];
  const say = (who: string, fault: string) => void faults.push(`${who}: ${fault}`);
  const check = (who: string, value: unknown) => {
    JSON.stringify(value, (_key, inner: unknown) => {
      if (typeof inner === 'string' && (inner.includes('\0') || !inner.isWellFormed()))
        say(who, `a NUL or half a character in ${JSON.stringify(inner.slice(0, 80))}`);
      return inner;
    });
  };
  const attempt = <T>(who: string, work: () => T): T | null => {
    try {
      const value = work();
      check(who, value);
      return value;
    } catch (error) {
      if (!(error instanceof NotGot)) say(who, String(error));
      return null;
    }
  };
  const text = attempt('decodeBody', () => decodeBody(bytes, contentType))?.text ?? '';
  const page = attempt('extractPage', () => extractPage(text, url, now));
  const dates = [page?.publishedAt, ...(page?.comments ?? []).map((comment) => comment.publishedAt)];
  for (const at of dates) if (at != null && !(Math.abs(at) < 8e15)) say('extractPage', `the date ${at}`);
  const links = attempt('articleLinks', () => articleLinks(text, url)) ?? [];
  const next = attempt('nextPage', () => nextPage(text, url));
  const further = attempt('furtherPages', () => furtherPages(parsePage(text), url, url, 1));
  const addresses = [...links.map((link) => link.url), next, ...(further?.next ?? []), further?.comments];
  for (const address of addresses) {
    if (address != null && !/^https?:/.test(URL.parse(address)?.protocol ?? ''))
      say('links', `the address ${address.slice(0, 80)}`);
  }
  const selectors = { text: 'div', comment: { item: '.comment-item', text: 'p' } };
  attempt('extractBySelectors', () => extractBySelectors(text, url, now, selectors));
  for (const entry of attempt('feedEntries', () => feedEntries(text, url)) ?? []) {
    attempt('plainText', () => plainText(entry.content ?? ''));
    attempt('findDate', () => findDate(entry.date ?? '', now));
  }
  attempt('findDate', () => findDate(text, now));
  const json = parse(text);
  if (json !== null) {
    attempt('jsonShape', () => jsonShape(json, now) && null);
    attempt('JMESPath', () => TreeInterpreter.search(ITEMS, json) && null);
  }
  return faults;
}

function parse(text: string): JSONValue {
  try {
    return JSON.parse(text.toWellFormed()) as JSONValue;
  } catch {
    return null;
  }
}
