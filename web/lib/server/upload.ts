import { manageMessages } from '../messages/manage.ts';

export type Upload = { bytes: Uint8Array } | { problem: string };

/** The file that a form brings. A body over the limit is answered in words, not with a page of its own. */
export async function readUpload(request: Request, name: string): Promise<Upload> {
  const words = manageMessages.tree;
  let sent: FormData;
  try {
    sent = await request.formData();
  } catch (error) {
    if (isTooLarge(error)) return { problem: words.fileTooBig };
    // Not a form, or one that was cut off on its way.
    if (error instanceof TypeError) return { problem: words.noFile };
    throw error;
  }
  const file = sent.get(name);
  if (!(file instanceof File) || file.size === 0) return { problem: words.noFile };
  return { bytes: new Uint8Array(await file.arrayBuffer()) };
}

function isTooLarge(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === 413;
}
