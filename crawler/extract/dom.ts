import { Parser } from 'htmlparser2';
import { Document, DomHandler, Element, Text, type ChildNode, type ParentNode } from 'domhandler';

// Browsers flatten beyond about 512 levels; real pages stay below 100. Bounding the depth keeps the parser's and
// every selector's work linear on hostile nesting.
const DEEPEST = 256;
// No article page is larger; a longer body is cut.
const LONGEST = 8_000_000;

// Inside these the parser's tokenizer is in a special state, so a parse must not be cut there.
const RAW = new Set([
  'script',
  'style',
  'title',
  'textarea',
  'iframe',
  'noembed',
  'noframes',
  'xmp',
  'noscript',
  'plaintext',
]);

/** Builds into one root and asks the parser to pause where the nesting gets too deep. */
class BoundedHandler extends DomHandler {
  tooDeep = false;
  readonly onTooDeep: () => void;

  constructor(onTooDeep: () => void) {
    super();
    this.onTooDeep = onTooDeep;
  }

  override onopentag(name: string, attribs: Record<string, string>): void {
    super.onopentag(name, attribs);
    if (this.tagStack.length > DEEPEST && !RAW.has(name)) {
      this.tooDeep = true;
      this.onTooDeep();
    }
  }
}

/**
 * HTML as a DOM at most 256 levels deep: what is nested deeper goes on as a sibling at the top. Never throws, linear in
 * the length of the input.
 */
export function parsePage(html: string): Document {
  const whole = new Document([]);
  let rest = html.length > LONGEST ? html.slice(0, LONGEST) : html;
  while (rest !== '') {
    let consumed = rest.length;
    const handler = new BoundedHandler(() => parser.pause());
    const parser: Parser = new Parser(handler);
    parser.write(rest);
    if (handler.tooDeep) consumed = parser.endIndex + 1;
    else parser.end();
    for (const child of handler.root.children) {
      child.parent = whole;
      child.prev = whole.children.at(-1) ?? null;
      if (child.prev) child.prev.next = child;
      whole.children.push(child);
    }
    rest = consumed >= rest.length ? '' : rest.slice(consumed);
  }
  return whole;
}

/**
 * Visits every node below `root` in document order, without recursion. `enter` answers false to skip the inside of a
 * node, null to end the walk.
 */
export function walk(
  root: ParentNode,
  enter: (node: ChildNode) => boolean | null | void,
  leave?: (node: ChildNode) => void,
): void {
  let node: ChildNode | null = root.children[0] ?? null;
  while (node) {
    const answer = enter(node);
    if (answer === null) return;
    const inside = answer !== false && 'children' in node ? (node.children[0] ?? null) : null;
    if (inside) {
      node = inside;
      continue;
    }
    let current: ChildNode = node;
    leave?.(current);
    while (!current.next) {
      const parent: ParentNode | null = current.parent;
      if (!parent || parent === root || parent instanceof Document) return;
      current = parent as ChildNode;
      leave?.(current);
    }
    node = current.next;
  }
}

export const isElement = (node: unknown): node is Element => node instanceof Element;
export const isText = (node: unknown): node is Text => node instanceof Text;

/** Value of an attribute, trimmed; '' when absent. */
export const attribute = (element: Element, name: string): string => element.attribs[name]?.trim() ?? '';

/** Elements whose content is never text of the page. */
export const SILENT = new Set([
  'script',
  'style',
  'noscript',
  'template',
  'select',
  'textarea',
  'iframe',
  'object',
  'svg',
  'canvas',
  'map',
  'button',
  'audio',
  'video',
  'datalist',
]);

/** Elements that begin a line of their own. */
export const BLOCK = new Set([
  'html',
  'body',
  'address',
  'article',
  'aside',
  'blockquote',
  'center',
  'dd',
  'details',
  'dialog',
  'div',
  'dl',
  'dt',
  'fieldset',
  'figcaption',
  'figure',
  'footer',
  'form',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'header',
  'hgroup',
  'hr',
  'li',
  'main',
  'nav',
  'ol',
  'p',
  'pre',
  'section',
  'summary',
  'table',
  'tbody',
  'td',
  'tfoot',
  'th',
  'thead',
  'tr',
  'ul',
  'legend',
  'option',
  'title',
]);

/** True when nothing in a line has to be folded or dropped. Most lines are, and looking is cheaper than replacing. */
function isFolded(line: string): boolean {
  for (let i = 0; i < line.length; i++) {
    const code = line.charCodeAt(i);
    if ((code > 0x20 && code < 0x7f) || (code > 0x3000 && code < 0xe000)) continue;
    if (code === 0x20 && line.charCodeAt(i + 1) !== 0x20) continue;
    // Full-width forms; anything else is left to the patterns.
    if (code < 0xff00 || code > 0xffef) return false;
  }
  return true;
}

/** Spaces folded, including the ideographic one that Chinese pages indent with; zero-width characters dropped. */
export function squeeze(text: string): string {
  const line = text.trim();
  if (isFolded(line)) return line;
  return line
    .replace(/[\u200b-\u200d\u2060\ufeff\u00ad]/g, '')
    .replace(/[\s\u3000\ue5e5\ue004]+/g, ' ')
    .trim();
}

/**
 * True when the markup itself hides an element from readers. `visibility: hidden` does not count: WeChat ships every
 * article that way and uncovers it by script.
 */
export function hidden(element: Element): boolean {
  if (element.attribs['hidden'] !== undefined) return true;
  const style = element.attribs['style'];
  return style !== undefined && /display\s*:\s*none/i.test(style);
}

/**
 * Visible text of one element, folded to a single line. Reading stops after about `most` characters and nodes, so that
 * asking every element of a page stays linear.
 */
export function textOf(root: ParentNode, most = 100_000): string {
  let text = '';
  let nodes = 0;
  walk(root, (node) => {
    if (++nodes > most || text.length > most) return null;
    if (isText(node)) text += node.data;
    else if (isElement(node)) {
      if (SILENT.has(node.name)) return false;
      if (node.name === 'br' || BLOCK.has(node.name)) text += ' ';
    }
    return true;
  });
  return squeeze(text);
}

/** Visible text of one element, its lines parted by `\n`. */
export function linesOf(element: Element): string {
  const lines: string[] = [];
  let buffer = '';
  const flush = (): void => {
    const line = squeeze(buffer);
    if (line !== '') lines.push(line);
    buffer = '';
  };
  walk(
    element,
    (node) => {
      if (isText(node)) buffer += node.data;
      else if (isElement(node)) {
        if (SILENT.has(node.name) || hidden(node)) return false;
        if (node.name === 'br' || BLOCK.has(node.name)) flush();
      }
      return true;
    },
    (node) => {
      if (isElement(node) && BLOCK.has(node.name)) flush();
    },
  );
  flush();
  return lines.join('\n');
}
