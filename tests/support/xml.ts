import sax from 'sax';

/** An element of a document, with its text put together. */
export type Element = {
  name: string;
  attributes: Record<string, string>;
  text: string;
  children: Element[];
};

/** Reads a document as strictly as XML asks, with namespaces that have to be declared. @throws where it is not well-formed */
export function readXml(document: string): Element {
  const parser = sax.parser(true, { xmlns: true });
  const root: Element = { name: '', attributes: {}, text: '', children: [] };
  const open = [root];
  const top = () => open.at(-1) as Element;
  parser.onopentag = ({ name, attributes }) => {
    const read = Object.entries(attributes).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : value.value,
    ]);
    const element = { name, attributes: Object.fromEntries(read) as never, text: '', children: [] };
    top().children.push(element);
    open.push(element);
  };
  parser.onclosetag = () => void open.pop();
  parser.ontext = (text) => (top().text += text);
  parser.oncdata = (text) => (top().text += text);
  parser.onerror = (error) => {
    throw error;
  };
  parser.write(document).close();
  const [element] = root.children;
  if (!element || root.children.length !== 1) throw new Error('not one element');
  return element;
}

/** The elements of a name, at any depth. */
export function all(element: Element, name: string): Element[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);
}

/** The text of the first child of a name. @throws where there is none */
export function textOf(element: Element, name: string): string {
  const child = element.children.find((each) => each.name === name);
  if (!child) throw new Error(`no <${name}> in <${element.name}>`);
  return child.text;
}
