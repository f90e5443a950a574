import { json } from '@sveltejs/kit';
import { z } from 'zod';
import { dropEditor, noteEditor, otherEditors } from '../../../../../../store/release-editors.ts';
import { readBytes } from '../../../../../lib/server/body.ts';
import { releaseToChange } from '../../../../../lib/server/releases.ts';
import type { RequestHandler } from './$types';

const sent = z.object({ wrote: z.boolean().default(false), left: z.boolean().default(false) });

/**
 * An open editor says every 20 seconds that it is there: `wrote` when something was changed since, `left` when it is closed.
 * The answer names the others who have the release open, and its version as it stands.
 */
export const POST: RequestHandler = async (event) => {
  const { desk, release } = await releaseToChange(event);
  const text = Buffer.from((await readBytes(event.request, 1_000)) ?? []).toString();
  const { wrote, left } = sent.catch({ wrote: false, left: false }).parse(parsed(text));
  if (left) {
    await dropEditor(desk.db, desk.actor, release);
    return json({ others: [], version: release.version });
  }
  await noteEditor(desk.db, desk.actor, release, wrote);
  const others = await otherEditors(desk.db, release.id, desk.actor.id);
  return json({
    others: others.map(({ name, wroteAt }) => ({ name, wrote: wroteAt !== null })),
    version: release.version,
  });
};

/** What is no JSON says only that somebody is there. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return {};
  }
}
