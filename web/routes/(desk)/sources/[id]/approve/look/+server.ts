import { error, json } from '@sveltejs/kit';
import { editedSource } from '../../../../../../../store/edited-sources.ts';
import { sourceSecrets } from '../../../../../../../store/source-secrets.ts';
import { messages } from '../../../../../../lib/messages.ts';
import { sourceMessages } from '../../../../../../lib/messages/sources.ts';
import { acting } from '../../../../../../lib/server/desk.ts';
import { hub } from '../../../../../../lib/server/hub.ts';
import { lookResponse } from '../../../../../../lib/server/look.ts';
import { readId } from '../../../../../../lib/server/read-id.ts';
import type { RequestHandler } from './$types';

/** Tries a source as it stands: whoever is to approve it sees what it would bring. */
export const POST: RequestHandler = async ({ locals, params }) => {
  const desk = acting(locals);
  const source = await editedSource(desk.db, desk.offices, readId(params.id));
  if (!source) error(404, messages.errors.notFound);
  const { kind, settings, url, name, outlet } = source;
  if (url === null) return json({ message: sourceMessages.trial.notHere }, { status: 409 });
  const secrets = await sourceSecrets(desk.db, hub().cipher, source.id);
  return lookResponse(desk, { address: url, source: { kind, settings, name, outlet, secrets } });
};
