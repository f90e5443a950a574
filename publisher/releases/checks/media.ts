import type { Block, ReleaseDocument } from '../../../config/release-document.ts';
import { leavesOf, mediaOf, type PartName } from '../plain.ts';
import { messages } from './messages.ts';
import type { Check, Found, MediaFacts } from './types.ts';

type Shown = Extract<Block, { type: 'image' | 'video' | 'audio' }>;

/** Pictures have a text for who does not see them, videos captions, audio a transcript; all of them are there. */
export const media: Check = {
  key: 'media',
  run: async ({ content }, tools) => {
    const { details, document } = content;
    const ids = mediaOf(content);
    if (ids.length === 0) return [];
    const facts = await tools.media(ids);
    const gone = ids
      .filter((id) => !facts.has(id))
      .map((id): Found => whole('block', messages.mediaGone(id), messages.mediaNumber(id)));
    const own = details.wechat.on ? details.wechat.document : null;
    return [...gone, ...missing('document', document, facts), ...(own ? missing('wechat', own, facts) : [])];
  },
};

const whole = (severity: Found['severity'], text: string, quote: string): Found => ({
  ...{ severity, part: 'document', start: null, end: null, quote, text },
});

function missing(part: PartName, document: ReleaseDocument, facts: ReadonlyMap<number, MediaFacts>): Found[] {
  const lines = new Map(leavesOf(document).map((leaf) => [leaf.path.join('.'), leaf]));
  const counts = { image: 0, video: 0, audio: 0 };
  return shownIn(document.content).flatMap(({ block, path }) => {
    counts[block.type] += 1;
    const problem = problemOf(block, facts.get(block.attrs.mediaId));
    if (problem === null) return [];
    // In a text of its own for WeChat the lines before it count too: its places are not those of the document.
    const leaf = part === 'document' ? lines.get(path) : undefined;
    const name = facts.get(block.attrs.mediaId)?.name;
    return [
      {
        ...{ severity: 'warn' as const, part, text: problem },
        start: leaf?.start ?? null,
        end: leaf ? leaf.start + leaf.text.length : null,
        quote: messages.nth(block.type, counts[block.type], name),
      },
    ];
  });
}

function problemOf(block: Shown, facts: MediaFacts | undefined): string | null {
  // What the file brought along is shown nowhere unless the text took it over.
  if (block.type === 'image') return block.attrs.alt.trim() === '' ? messages.noAlt(facts?.alt.trim()) : null;
  if (block.type === 'video') return block.attrs.captionsId === null ? messages.noCaptions : null;
  return block.attrs.transcript.trim() === '' ? messages.noTranscript : null;
}

function shownIn(content: readonly Block[], above = ''): { block: Shown; path: string }[] {
  return content.flatMap((block, place) => {
    const path = above === '' ? String(place) : `${above}.${place}`;
    switch (block.type) {
      case 'image':
      case 'video':
      case 'audio':
        return [{ block, path }];
      case 'bulletList':
      case 'orderedList':
      case 'listItem':
      case 'blockquote':
        return shownIn(block.content, path);
      case 'table':
        return block.content.flatMap((row, r) =>
          row.content.flatMap((cell, c) => shownIn(cell.content, `${path}.${r}.${c}`)),
        );
      case 'paragraph':
      case 'heading':
      case 'horizontalRule':
        return [];
    }
  });
}
