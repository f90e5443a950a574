import type { Document, Element } from 'domhandler';
import { routeIn } from './canonical.ts';
import { attribute, isElement, walk } from './dom.ts';

/** What relative addresses of a page count from. */
export function baseOf(root: Document, url: string): string {
  let base = url;
  walk(root, (node) => {
    if (!isElement(node)) return true;
    if (node.name === 'base' && base === url) base = URL.parse(attribute(node, 'href'), url)?.href ?? url;
    return node.name !== 'body';
  });
  return base;
}

/** Where a link leads: absolute, http(s), without fragment but a route; null when it stays on its page or runs a script. */
export function linkTarget(element: Element, base: string): URL | null {
  const href = attribute(element, 'href');
  if (href === '' || (href.startsWith('#') && routeIn(href) === '')) return null;
  const url = URL.parse(href, base);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null;
  url.hash = routeIn(url.hash);
  return url;
}

/** The site that a host belongs to: `news.example.gov.cn` and `www.example.gov.cn` are of one. */
export const siteOf = (host: string): string => {
  // An address in numbers has no parts.
  if (/^[\d.]+$/u.test(host) || host.startsWith('[')) return host;
  const parts = host.split('.');
  const second = /^(?:com|gov|org|net|edu|ac)$/.test(parts.at(-2) ?? '');
  return parts.slice(second ? -3 : -2).join('.');
};
