import { error, type RequestEvent } from '@sveltejs/kit';
import { releaseById, type ReleaseRow } from '../../../store/releases.ts';
import { messages } from '../messages.ts';
import { acting, mayIn, type Desk } from './desk.ts';
import { readId } from './read-id.ts';

/**
 * The release that an act is about.
 * @throws 404 when it is not within the act's scope: what was shared can be read, and changed only where it belongs
 */
export async function releaseToChange(
  event: Pick<RequestEvent<{ id: string }>, 'locals' | 'params'>,
): Promise<{ desk: Desk; release: ReleaseRow }> {
  const desk = acting(event.locals);
  const release = await releaseById(desk.db, readId(event.params.id));
  if (!release || !mayIn(desk.person, desk.action, release.officeId)) error(404, messages.errors.notFound);
  return { desk, release };
}
