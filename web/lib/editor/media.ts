import type { MediaInfo } from '../../../config/media.ts';
import type { Block, ReleaseDocument } from '../../../config/release-document.ts';

/** What can be sent to the hub, as a file field's `accept`. */
export const ACCEPT = {
  image: 'image/jpeg,image/png,image/gif,image/webp',
  media: 'video/mp4,audio/mpeg,audio/mp4,.mp4,.mp3,.m4a',
  captions: '.vtt,text/vtt',
  attachment: '.pdf,.docx,.xlsx,.zip',
  docx: '.docx,application/vnd.openxmlformats-officedocument.wordprocessingml.document',
} as const;

/** What a file is for the editor, by what the browser says of it; the hub looks at its first bytes. */
export function kindOfFile({ type, name }: File): 'image' | 'video' | 'audio' | 'docx' | null {
  if (/^image\/(?:jpeg|png|gif|webp)$/.test(type)) return 'image';
  if (type === 'video/mp4' || /\.mp4$/i.test(name)) return 'video';
  if (/^audio\/(?:mpeg|mp4|x-m4a|mp3)$/.test(type) || /\.(?:mp3|m4a)$/i.test(name)) return 'audio';
  return /\.docx$/i.test(name) ? 'docx' : null;
}

/** The block with which a file stands in a text; null: it does not stand in texts. */
export function blockOf({ id, kind, name }: MediaInfo): Block | null {
  const title = name.replace(/\.[^.]+$/, '').slice(0, 120);
  switch (kind) {
    case 'image':
      return { type: 'image', attrs: { mediaId: id, alt: '', caption: '' } };
    case 'video':
      return { type: 'video', attrs: { mediaId: id, title, captionsId: null } };
    case 'audio':
      return { type: 'audio', attrs: { mediaId: id, title, transcript: '' } };
    case 'captions':
    case 'attachment':
      return null;
  }
}

/** The pictures of a text, in the order in which they stand. */
export function picturesOf(document: ReleaseDocument): number[] {
  return document.content.flatMap((block) => (block.type === 'image' ? [block.attrs.mediaId] : []));
}
