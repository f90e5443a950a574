import sax, { type QualifiedTag } from 'sax';

/** What one entry of a feed states. Where an element stands twice, either of its values may be taken. */
export type StatedEntry = { titles: StatedText[]; links: string[]; ids: string[]; dates: string[] };

/** A text with how it is written: `plain` as a reader sees it, `html` as markup. */
export type StatedText = { value: string; as: 'plain' | 'html' };

export type Statement =
  | { kind: 'feed'; entries: StatedEntry[] }
  /** Sound XML of another kind, by the name of its root. */
  | { kind: 'other'; root: string }
  /** No XML; how many items or entries it begins, and whether it means to be a feed at all. */
  | { kind: 'broken'; begun: number; feed: boolean };

type Node = {
  uri: string;
  name: string;
  attributes: Map<string, string>;
  text: string;
  base: string;
  children: Node[];
};

const ATOM = 'http://www.w3.org/2005/Atom';
const DUBLIN_CORE = ['http://purl.org/dc/elements/1.1/', 'http://purl.org/dc/terms/'];
const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const XML = 'http://www.w3.org/XML/1998/namespace';

/**
 * Reads a feed document strictly: a checking, namespace-aware XML parser, and of each entry the elements that its format
 * names. It shares no code with the crawler's reader.
 * @param url the address that relative links count from
 */
export function statementOf(text: string, url: string): Statement {
  const root = parse(text, url);
  if (root === null) {
    return {
      kind: 'broken',
      begun: text.replace(/<!--[\s\S]*?-->/g, '').match(/<(?:item|entry)[\s>]/g)?.length ?? 0,
      feed: /<(?:\w+:)?(?:rss|RDF|feed|entry|Channel)[\s>]/.test(text),
    };
  }
  if (root.name === 'feed') {
    const entries = root.children.filter((child) => child.name === 'entry' && child.uri === root.uri);
    return { kind: 'feed', entries: entries.map(atomEntry) };
  }
  if (root.name === 'entry' && root.uri === ATOM) return { kind: 'feed', entries: [atomEntry(root)] };
  if (['rss', 'RDF', 'Channel'].includes(root.name)) {
    const places = [root, ...root.children.filter((child) => ['channel', 'items'].includes(child.name))];
    const items = places.flatMap((place) => place.children.filter((child) => child.name === 'item'));
    return { kind: 'feed', entries: items.map(rssItem) };
  }
  return { kind: 'other', root: root.name };
}

function atomEntry(entry: Node): StatedEntry {
  const own = (name: string) =>
    entry.children.filter((child) => child.uri === entry.uri && child.name === name);
  return {
    titles: own('title').map(atomText),
    links: alternates(own('link')),
    ids: own('id').map((id) => id.text.trim()),
    dates: [
      ...own('published'),
      ...own('updated'),
      ...own('issued'),
      ...own('modified'),
      ...own('created'),
    ].map((date) => date.text.trim()),
  };
}

/** RFC 4287, 3.1; in Atom 0.3 a title without a type is plain and `mode` tells escaped markup. */
function atomText(title: Node): StatedText {
  const type = title.attributes.get('type') ?? 'text';
  const markup = type.includes('html') && title.children.length === 0;
  return { value: title.text, as: markup ? 'html' : 'plain' };
}

function alternates(links: Node[]): string[] {
  const rels = [undefined, 'alternate', 'http://www.iana.org/assignments/relation/alternate'];
  return links
    .filter((link) => rels.includes(link.attributes.get('rel')))
    .flatMap(({ attributes, base }) => {
      const href = attributes.get('href');
      return href === undefined ? [] : [absolute(href, base)];
    });
}

function rssItem(item: Node): StatedEntry {
  const own = (name: string) =>
    item.children.filter((child) => child.name === name && (child.uri === item.uri || child.uri === ''));
  const of = (uris: string[], names: string[]) =>
    item.children.filter((child) => uris.includes(child.uri) && names.includes(child.name));
  const about = item.attributes.get(`${RDF} about`);
  return {
    titles: own('title').map((title) => ({ value: title.text, as: 'html' as const })),
    links: [
      ...own('link')
        .filter((link) => link.text.trim() !== '')
        .map((link) => absolute(link.text.trim(), link.base)),
      ...alternates(of([ATOM], ['link'])),
    ],
    ids: [...own('guid').map((guid) => guid.text.trim()), ...(about === undefined ? [] : [about])],
    dates: [
      ...own('pubDate'),
      ...of(DUBLIN_CORE, ['date', 'created', 'issued', 'modified']),
      ...of([ATOM], ['published', 'updated']),
    ].map((date) => date.text.trim()),
  };
}

export const absolute = (link: string, base: string): string =>
  URL.parse(link.trim(), base)?.href ?? link.trim();

/** The tree of a sound document, null when it is none. */
function parse(text: string, url: string): Node | null {
  const parser = sax.parser(true, { xmlns: true });
  const top: Node = { uri: '', name: '', attributes: new Map(), text: '', base: url, children: [] };
  const open = [top];
  let failed = false;
  const addText = (piece: string) => {
    for (const node of open) node.text += piece;
  };
  parser.onerror = () => {
    failed = true;
    parser.resume();
  };
  parser.onopentag = (tag) => {
    const { uri, local, attributes } = tag as QualifiedTag;
    const parent = open.at(-1) ?? top;
    const node: Node = {
      uri,
      name: local,
      attributes: new Map(
        Object.values(attributes).map((one) => [
          one.uri === '' ? one.local : `${one.uri} ${one.local}`,
          one.value,
        ]),
      ),
      text: '',
      base: parent.base,
      children: [],
    };
    node.base = absolute(node.attributes.get(`${XML} base`) ?? '', parent.base);
    parent.children.push(node);
    open.push(node);
  };
  parser.onclosetag = () => void open.pop();
  parser.ontext = addText;
  parser.oncdata = addText;
  try {
    parser.write(text).close();
  } catch {
    failed = true;
  }
  return failed || top.children.length !== 1 ? null : (top.children[0] ?? null);
}
