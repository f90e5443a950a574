import { json } from '@sveltejs/kit';
import { mediaOf } from '../../../../../../publisher/releases/plain.ts';
import { mediaByIds, officeMedia } from '../../../../../../store/media.ts';
import { mediaInfo, takeMediaPart } from '../../../../../lib/server/media-upload.ts';
import { releaseToChange } from '../../../../../lib/server/releases.ts';
import type { RequestHandler } from './$types';

/** The files that the release shows, and the office's newest pictures to take one of. */
export const GET: RequestHandler = async (event) => {
  const { desk, release } = await releaseToChange(event);
  const [shown, pictures] = await Promise.all([
    mediaByIds(desk.db, mediaOf(release)),
    officeMedia(desk.db, release.officeId, 'image'),
  ]);
  const others = pictures.filter(({ id }) => !shown.has(id));
  return json({ media: [...shown.values(), ...others].map(mediaInfo) });
};

/** A file for the release, whole or in pieces. */
export const POST: RequestHandler = async (event) => {
  const { desk, release } = await releaseToChange(event);
  return takeMediaPart(desk, release.officeId, event.request, event.url);
};
