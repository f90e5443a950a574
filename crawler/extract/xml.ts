import { Parser } from 'htmlparser2';

/** An element of a document whose XML may be broken. Names are lower-case and without their prefix. */
export type XmlElement = {
  /** Address of its namespace, '' when it has none. */
  space: string;
  name: string;
  attributes: Readonly<Record<string, string>>;
  parent: XmlElement | null;
  /** Elements and pieces of text, in the order of the document. */
  children: (XmlElement | string)[];
};

// Feeds nest ten levels deep, with XHTML in them some thirty. The parser's own work grows with the depth.
const DEEPEST = 256;

/** Prefixes that mean the same everywhere, for documents that forget to declare them. */
const CUSTOMARY: Record<string, string> = {
  atom: 'http://www.w3.org/2005/Atom',
  content: 'http://purl.org/rss/1.0/modules/content/',
  dc: 'http://purl.org/dc/elements/1.1/',
  dcterms: 'http://purl.org/dc/terms/',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  xml: 'http://www.w3.org/XML/1998/namespace',
};

type Scope = { declared: Record<string, string>; outer: Scope | null };

/**
 * The top elements of an XML document, as far as it can be made out: wrong nesting, text outside of the root and
 * unknown entities are no errors. Entities that the document itself declares are not resolved, neither from inside nor
 * from outside of it, so that nothing grows and nothing else is read. Linear in the length of the text.
 * @returns null when it nests deeper than any feed does
 */
export function parseXml(text: string): XmlElement[] | null {
  const top: XmlElement = { space: '', name: '', attributes: {}, parent: null, children: [] };
  let open = top;
  let scope: Scope | null = null;
  let depth = 0;
  const scopes: (Scope | null)[] = [];
  const parser: Parser = new Parser(
    {
      onopentag(tag, attributes) {
        if ((depth += 1) > DEEPEST) parser.pause();
        scopes.push(scope);
        const declared = declarations(attributes);
        if (declared !== null) scope = { declared, outer: scope };
        const [prefix, name] = split(tag);
        const element = {
          space: spaceOf(prefix, scope),
          name: name.toLowerCase(),
          attributes,
          parent: open,
          children: [],
        };
        open.children.push(element);
        open = element;
      },
      onclosetag() {
        depth -= 1;
        scope = scopes.pop() ?? null;
        open = open.parent ?? top;
      },
      ontext(piece) {
        if (open !== top) open.children.push(piece);
      },
    },
    { xmlMode: true },
  );
  parser.write(text);
  if (depth > DEEPEST) return null;
  parser.end();
  return elementsOf(top);
}

/** The elements right inside one. */
export const elementsOf = (element: XmlElement): XmlElement[] =>
  element.children.filter((child) => typeof child !== 'string');

/** An attribute by its written name, '' when absent. */
export const attributeOf = (element: XmlElement, name: string): string =>
  element.attributes[name]?.trim() ?? '';

/** All text inside an element, with whatever markup the text holds. */
export function textInside(element: XmlElement): string {
  let text = '';
  visit(element, (child) => {
    if (typeof child === 'string') text += child;
  });
  return text;
}

/**
 * The inside of an element as HTML. Elements in it keep their names and lose their attributes.
 * @param escape false when the text itself is markup, as in RSS
 */
export function htmlInside(element: XmlElement, escape: boolean): string {
  let html = '';
  visit(
    element,
    (child) => {
      if (typeof child !== 'string') html += `<${child.name}>`;
      else html += escape ? textAsHtml(child) : child;
    },
    (child) => (html += `</${child.name}>`),
  );
  return html;
}

/** Plain text as HTML. */
export const escapeHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Text of a document as HTML. The named entities of HTML are unknown to XML and still unresolved: they stay. */
export const textAsHtml = (text: string): string =>
  text.replace(/&(?!(?!(?:amp|lt|gt|quot|apos);)[a-z][a-z\d]*;)/gi, '&amp;').replaceAll('<', '&lt;');

/** Depth is bounded by the parser, so that this may recurse. */
function visit(
  element: XmlElement,
  enter: (child: XmlElement | string) => void,
  leave?: (child: XmlElement) => void,
): void {
  for (const child of element.children) {
    enter(child);
    if (typeof child === 'string') continue;
    visit(child, enter, leave);
    leave?.(child);
  }
}

function split(tag: string): [prefix: string, name: string] {
  const colon = tag.indexOf(':');
  return colon < 0 ? ['', tag] : [tag.slice(0, colon), tag.slice(colon + 1)];
}

function declarations(attributes: Record<string, string>): Record<string, string> | null {
  let declared: Record<string, string> | null = null;
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'xmlns' || name.startsWith('xmlns:')) {
      declared ??= Object.create(null) as Record<string, string>;
      declared[name.slice(6)] = value.trim();
    }
  }
  return declared;
}

function spaceOf(prefix: string, scope: Scope | null): string {
  for (let one = scope; one !== null; one = one.outer) {
    const declared = one.declared[prefix];
    if (declared !== undefined) return declared;
  }
  return Object.hasOwn(CUSTOMARY, prefix) ? (CUSTOMARY[prefix] ?? '') : prefix;
}
