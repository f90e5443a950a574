import { manageMessages } from '../messages/manage.ts';
import { readForm } from './body.ts';

export type Upload = { bytes: Uint8Array } | { problem: string };

/** A file of 5 MB and the form around it. */
const MOST = 6_000_000;

/** The file that a form brings. A body over the limit is answered in words, not with a page of its own. */
export async function readUpload(request: Request, name: string): Promise<Upload> {
  const words = manageMessages.tree;
  const sent = await readForm(request, MOST);
  if (sent === 'too-large') return { problem: words.fileTooBig };
  const file = sent === 'no-form' ? null : sent.get(name);
  if (!(file instanceof File) || file.size === 0) return { problem: words.noFile };
  return { bytes: new Uint8Array(await file.arrayBuffer()) };
}
