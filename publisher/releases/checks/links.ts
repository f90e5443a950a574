import type { Block, Inline, ReleaseDocument } from '../../../config/release-document.ts';
import { leavesOf } from '../plain.ts';
import { messages } from './messages.ts';
import type { Check, Found, LinkState } from './types.ts';

export type Link = { href: string; text: string; start: number; end: number };

/** Where links of the document lead, each address asked for once. Addresses of the site itself are not asked for. */
export const links: Check = {
  key: 'links',
  run: async ({ content }, { probe }) => {
    const { details, document } = content;
    const own = details.wechat.on ? details.wechat.document : null;
    const all: Omit<Found, 'severity' | 'text'>[] = linksOf(document).map(({ start, end, text, href }) => ({
      ...{ part: 'document', start, end, quote: quoteOf(text, href) },
    }));
    const hrefs = linksOf(document).map(({ href }) => href);
    for (const { href, text } of own ? linksOf(own) : []) {
      if (hrefs.includes(href)) continue;
      hrefs.push(href);
      all.push({ part: 'wechat', start: null, end: null, quote: quoteOf(text, href) });
    }
    const asked = new Map<string, Promise<LinkState>>();
    for (const href of hrefs) if (/^https?:/iu.test(href) && !asked.has(href)) asked.set(href, probe(href));
    const found = await Promise.all(
      all.map(async (place, at) => {
        const state = await asked.get(hrefs[at]!);
        const problem = state === undefined ? null : problemOf(state);
        return problem === null ? [] : [{ ...place, ...problem }];
      }),
    );
    return found.flat();
  },
};

/** Not there any more: what a page says when it never comes back. Other refusals may be meant for programs alone. */
function problemOf(state: LinkState): Pick<Found, 'severity' | 'text'> | null {
  switch (state.kind) {
    case 'fine':
      return null;
    case 'broken':
      return { severity: 'block', text: messages.linkBroken(state.status) };
    case 'private':
      return { severity: 'block', text: messages.linkPrivate };
    case 'refused':
      return { severity: 'warn', text: messages.linkRefused(state.status) };
    case 'unknown':
      return { severity: 'warn', text: messages.linkUnknown };
  }
}

const LONGEST = 80;
const quoteOf = (text: string, href: string) =>
  text === href ? href.slice(0, LONGEST) : `${text}（${href.slice(0, LONGEST)}）`;

/** The links of a document and where their words stand in its plain text; neighbouring pieces of one link are one. */
export function linksOf(document: ReleaseDocument): Link[] {
  const found: Link[] = [];
  for (const { path, start } of leavesOf(document)) {
    let at = start;
    for (const inline of inlinesAt(document, path)) {
      const text = inline.type === 'text' ? inline.text : '\n';
      const href = hrefOf(inline);
      const last = found.at(-1);
      if (href !== null && last?.href === href && last.end === at) {
        last.text += text;
        last.end += text.length;
      } else if (href !== null) found.push({ href, text, start: at, end: at + text.length });
      at += text.length;
    }
  }
  return found;
}

function hrefOf(inline: Inline): string | null {
  if (inline.type !== 'text') return null;
  for (const mark of inline.marks ?? []) if (mark.type === 'link') return mark.attrs.href;
  return null;
}

/** What a line consists of; a caption consists of no inlines. */
function inlinesAt(document: ReleaseDocument, path: readonly number[]): readonly Inline[] {
  let blocks: readonly Block[] = document.content;
  for (let at = 0; at < path.length; at += 1) {
    const block = blocks[path[at]!];
    if (!block) return [];
    if (block.type === 'paragraph' || block.type === 'heading') return block.content ?? [];
    if (block.type === 'table') {
      blocks = block.content[path[at + 1]!]?.content[path[at + 2]!]?.content ?? [];
      at += 2;
    } else if ('content' in block) blocks = block.content;
    else return [];
  }
  return [];
}
