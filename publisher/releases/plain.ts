import type { Block, Inline, ReleaseDocument } from '../../config/release-document.ts';
import { chosenChannels, type ReleaseContent } from '../../config/release-content.ts';
import { weiboText } from './weibo-text.ts';

/**
 * A stretch of a document that stands on a line of its own: a paragraph, a heading, a caption. `path` leads to its block:
 * indexes of `content`, from the document down.
 */
export type Leaf = { path: readonly number[]; text: string; start: number };

/** The lines of a document in reading order, each with where it begins in `plainText`; those without words are left out. */
export function leavesOf(document: ReleaseDocument): Leaf[] {
  const leaves: Leaf[] = [];
  let start = 0;
  const add = (path: readonly number[], text: string) => {
    if (text.trim() === '') return;
    leaves.push({ path, text, start });
    start += text.length + 1;
  };
  const visit = (block: Block, path: readonly number[]): void => {
    switch (block.type) {
      case 'paragraph':
      case 'heading':
        return add(path, inlineText(block.content));
      case 'bulletList':
      case 'orderedList':
      case 'listItem':
      case 'blockquote':
        return block.content.forEach((inner, place) => visit(inner, [...path, place]));
      case 'table':
        return block.content.forEach((row, r) =>
          row.content.forEach((cell, c) =>
            cell.content.forEach((inner, place) => visit(inner, [...path, r, c, place])),
          ),
        );
      case 'image':
        add(path, block.attrs.alt);
        return add(path, block.attrs.caption);
      case 'video':
        return add(path, block.attrs.title);
      case 'audio':
        add(path, block.attrs.title);
        return add(path, block.attrs.transcript);
      case 'horizontalRule':
        return;
    }
  };
  document.content.forEach((block, place) => visit(block, [place]));
  return leaves;
}

/** All words of a document that readers may come to know, also alternative texts and transcripts; lines parted by \n. */
export function plainText(document: ReleaseDocument): string {
  return leavesOf(document)
    .map(({ text }) => text)
    .join('\n');
}

function inlineText(content: readonly Inline[] = []): string {
  return content.map((inline) => (inline.type === 'text' ? inline.text : '\n')).join('');
}

/** A document of plain paragraphs: one for each line that has words. */
export function documentOfText(text: string): ReleaseDocument {
  const lines = text
    .split(/\r\n?|\n/)
    .map((line) => line.trim())
    .filter(Boolean);
  return {
    type: 'doc',
    content: lines.map((line) => ({ type: 'paragraph', content: [{ type: 'text', text: line }] })),
  };
}

export type PartName = 'title' | 'summary' | 'document' | 'weibo' | 'wechat' | 'details';

/**
 * The texts of a release, as findings and comments name their places in them. Of a channel there is only what differs from
 * the master, and nothing where it does not go; of the details what readers see.
 */
export function partsOf(content: ReleaseContent): Record<PartName, string> {
  const { details } = content;
  const channels = chosenChannels(content);
  const { title, author, digest, document } = details.wechat;
  const wechat = [title, author, digest, document && plainText(document)];
  const lines = (texts: readonly (string | null)[]) => texts.filter(Boolean).join('\n');
  return {
    title: content.title,
    summary: content.summary,
    document: plainText(content.document),
    weibo: channels.includes('weibo') ? weiboText(content) : '',
    wechat: channels.includes('wechat') ? lines(wechat) : '',
    details: lines([details.source, details.author, ...details.keywords, details.website.title]),
  };
}

/** Every picture, video, audio, caption file and attachment that a release shows anywhere, each once. */
export function mediaOf(content: ReleaseContent): number[] {
  const { details, document } = content;
  const found = new Set<number>();
  const add = (id: number | null) => id !== null && found.add(id);
  add(details.coverId);
  add(details.weibo.imageId);
  add(details.wechat.coverId);
  details.attachmentIds.forEach(add);
  const visit = (blocks: readonly Block[]): void => {
    for (const block of blocks) {
      if (block.type === 'image' || block.type === 'video' || block.type === 'audio')
        add(block.attrs.mediaId);
      if (block.type === 'video') add(block.attrs.captionsId);
      if (block.type === 'table') {
        for (const row of block.content) for (const cell of row.content) visit(cell.content);
      } else if (
        'content' in block &&
        block.content &&
        block.type !== 'paragraph' &&
        block.type !== 'heading'
      ) {
        visit(block.content);
      }
    }
  };
  visit(document.content);
  if (details.wechat.document) visit(details.wechat.document.content);
  return [...found];
}
