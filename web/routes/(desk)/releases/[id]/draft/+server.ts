import { saveDraft } from '../../../../../lib/server/release-draft.ts';
import { releaseToChange } from '../../../../../lib/server/releases.ts';
import type { RequestHandler } from './$types';

/** What the editor saves while somebody writes. */
export const PUT: RequestHandler = async (event) => {
  const { desk, release } = await releaseToChange(event);
  return saveDraft(desk, release, event.request);
};
