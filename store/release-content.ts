import { createHash } from 'node:crypto';
import { chosenChannels, contentOf, type ReleaseContent } from '../config/release-content.ts';

/** What of a release makes its content; `readContent` makes one of it. */
export const CONTENT_COLUMNS = 'r.type, r.title, r.summary, r.document, r.details';

/** A content as a row or a frozen delivery holds it; details that were added later stand as they do for a new release. */
export function readContent({ type, title, summary, document, details }: ReleaseContent): ReleaseContent {
  return contentOf({ type, title, summary, document, details });
}

/** As PostgreSQL can keep it, whose JSON knows neither NUL nor half a surrogate pair. */
export function storable(content: ReleaseContent): ReleaseContent {
  const text = JSON.stringify(readContent(content), (_, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : value,
  );
  return JSON.parse(text) as ReleaseContent;
}

/** As the columns of a release take it, in the order of CONTENT_COLUMNS. */
export function asRow({ type, title, summary, document, details }: ReleaseContent): unknown[] {
  return [type, title, summary, JSON.stringify(document), JSON.stringify(details)];
}

/** What the audit log says of a text: enough to find the version and to prove what it held, which the version itself keeps. */
export function outlineOf(content: ReleaseContent): {
  title: string;
  type: string;
  channels: string[];
  hash: string;
} {
  const { title, type } = content;
  return { title, type, channels: chosenChannels(content), hash: contentHash(content) };
}

/** SHA-256 of a content, the same however its fields are ordered; hexadecimal digits. */
export function contentHash(content: ReleaseContent): string {
  return createHash('sha256')
    .update(ordered(readContent(content)))
    .digest('hex');
}

export function sameContent(a: ReleaseContent, b: ReleaseContent): boolean {
  return ordered(readContent(a)) === ordered(readContent(b));
}

/** JSON with the fields of every object in alphabetical order: PostgreSQL gives them back in an order of its own. */
function ordered(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
