import { copyDraft } from '../../../../../lib/server/release-draft.ts';
import { releaseToChange } from '../../../../../lib/server/releases.ts';
import type { RequestHandler } from './$types';

/** What could not be saved because somebody else was faster, kept as a release of its own. */
export const POST: RequestHandler = async (event) => {
  const { desk } = await releaseToChange(event);
  return copyDraft(desk, event.request);
};
