import { NotGot } from '../errors.ts';
import { jsonFeedEntries } from './feed-json.ts';
import {
  attributeOf,
  elementsOf,
  textAsHtml,
  htmlInside,
  parseXml,
  textInside,
  type XmlElement,
} from './xml.ts';

/** One entry of a feed, whatever its format. */
export type FeedEntry = {
  id: string | null;
  /** As written, or absolute where the document says what it counts from. */
  link: string | null;
  /** HTML. */
  title: string | null;
  /** HTML. */
  content: string | null;
  /** True when the content came in the place that is for the whole text, false when in the one for a summary. */
  whole: boolean;
  /** As written. */
  date: string | null;
};

const ATOM = 'http://www.w3.org/2005/Atom';
const CONTENT = 'http://purl.org/rss/1.0/modules/content/';
const DUBLIN_CORE = ['http://purl.org/dc/elements/1.1/', 'http://purl.org/dc/terms/'];

/**
 * Reads the entries of a feed document: RSS 0.9 to 2.0 and 1.1, Atom 0.3 and 1.0 (also a single entry), JSON Feed.
 * Broken XML is read as far as it goes; never longer than linear in the length of the text.
 * @param url the document's own address, from which an `xml:base` may count
 * @throws NotGot `not-a-feed`
 */
export function feedEntries(text: string, url = ''): FeedEntry[] {
  const start = text.trimStart();
  if (start.startsWith('{')) return jsonFeedEntries(start);
  // What a server's own messages put before the document is passed over.
  for (const root of parseXml(text) ?? []) {
    if (root.name === 'feed')
      return elementsOf(root)
        .filter((child) => child.name === 'entry')
        .map((entry) => atomEntry(entry, url));
    if (root.name === 'entry' && root.space === ATOM) return [atomEntry(root, url)];
    if (root.name === 'rss' || root.name === 'rdf' || root.name === 'channel')
      return itemsOf(root).map((item) => rssItem(item, url));
  }
  throw new NotGot('not-a-feed');
}

/** Items stand in the channel (RSS 0.91 to 2.0), beside it (0.9, 1.0) or in a list of their own (1.1). */
function itemsOf(root: XmlElement): XmlElement[] {
  return elementsOf(root).flatMap((child) => {
    if (child.name === 'item') return [child];
    return child.name === 'channel' || child.name === 'items' ? itemsOf(child) : [];
  });
}

function rssItem(item: XmlElement, url: string): FeedEntry {
  const own = (name: string) => elementsOf(item).filter((child) => child.name === name && isOwn(child, item));
  const of = (spaces: string[], names: string[]) =>
    elementsOf(item).filter((child) => names.includes(child.name) && spaces.includes(child.space));
  const html = (elements: XmlElement[]) => first(elements, (element) => htmlInside(element, false));
  const content = html(of([CONTENT], ['encoded']));
  const link = own('link').find((one) => textInside(one).trim() !== '');
  return {
    id: first(own('guid'), textInside) ?? (attributeOf(item, 'rdf:about') || null),
    link: link
      ? based(textInside(link).trim(), link, url)
      : alternate([...of([ATOM], ['link']), ...own('link')], url),
    title: html(own('title')) ?? html(of(DUBLIN_CORE, ['title'])),
    content: content ?? html(own('description')) ?? html(of(DUBLIN_CORE, ['description'])),
    whole: content !== null,
    date:
      first(own('pubdate'), textInside) ??
      first(of(DUBLIN_CORE, ['date', 'issued', 'created', 'modified']), textInside) ??
      first(of([ATOM], ['published', 'updated']), textInside),
  };
}

/** An element of the item's own vocabulary: some feeds put a default namespace around it, some none. */
const isOwn = (child: XmlElement, item: XmlElement) => child.space === item.space || child.space === '';

function atomEntry(entry: XmlElement, url: string): FeedEntry {
  const own = (...names: string[]) =>
    names.flatMap((name) => elementsOf(entry).filter((child) => child.name === name && isOwn(child, entry)));
  const content = first(own('content'), atomHtml);
  return {
    id: first(own('id'), textInside),
    link: alternate(own('link'), url),
    title: first(own('title'), atomHtml),
    content: content ?? first(own('summary'), atomHtml),
    whole: content !== null,
    date: first(own('published', 'issued', 'created', 'updated', 'modified'), textInside),
  };
}

/** Content of Atom as HTML (RFC 4287, 3.1 and 4.1.3; the `mode` is Atom 0.3's); '' for what is neither. */
function atomHtml(element: XmlElement): string {
  const type = attributeOf(element, 'type').toLowerCase() || 'text';
  const markup = type.includes('html');
  if (attributeOf(element, 'mode') === 'base64') {
    const text = Buffer.from(textInside(element), 'base64').toString('utf8');
    return markup ? text : textAsHtml(text);
  }
  const inline = elementsOf(element).length > 0;
  if (inline) return htmlInside(element, true);
  if (type !== 'text' && !markup && !type.startsWith('text/')) return '';
  return markup ? textInside(element) : textAsHtml(textInside(element));
}

const ALTERNATE = ['', 'alternate', 'http://www.iana.org/assignments/relation/alternate'];

/** The address of the first link to the entry's own page. */
function alternate(links: XmlElement[], url: string): string | null {
  const found = links.find(
    (link) => attributeOf(link, 'href') !== '' && ALTERNATE.includes(attributeOf(link, 'rel')),
  );
  return found ? based(attributeOf(found, 'href'), found, url) : null;
}

/** An address made absolute by the `xml:base` around it; as it is where there is none. */
function based(address: string, element: XmlElement, url: string): string {
  const bases: string[] = [];
  for (let one: XmlElement | null = element; one !== null; one = one.parent) {
    const base = attributeOf(one, 'xml:base');
    if (base !== '') bases.push(base);
  }
  if (bases.length === 0) return address;
  const base = bases.reduceRight((outer, inner) => URL.parse(inner, outer || undefined)?.href ?? outer, url);
  return URL.parse(address, base || undefined)?.href ?? address;
}

/** The first of the elements that says something. */
function first(elements: XmlElement[], read: (element: XmlElement) => string): string | null {
  for (const element of elements) {
    const text = read(element).trim();
    if (text !== '') return text;
  }
  return null;
}
